"""Projects: people of a team who work on one thing, with roles of their own.

A **project** is stored active or archived (and can be brought back). Its members are members of the team
with one of three roles: project administrator, editor, viewer.
Rules: a project administrator manages that project's members and nothing of the team; administrators of
the team manage every project; being invited to a project brings the membership of the team along, so a
project administrator asks for strangers (a wish), and who may invite to the team grants or declines it; who
edits with a product holds a license of it first, who only views needs none; leaving the team ends every
membership of its projects.
This package also holds the verbs of an invitation that carries more than a membership: licenses and projects.
"""
