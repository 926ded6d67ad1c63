"""The sandbox: strangers' files are parsed here, in a process of their own, and nowhere else.

`python -I -m licet.education.sandbox KIND SECONDS` reads one file from its input and writes our own pictures
of it, in frames, to its output. Before it reads the first byte it has given up memory, time, files, network
(`kernel.confining`). `running` starts it and believes nothing that it says without looking. That it dies is a
normal outcome. Nothing in here knows more of Licet than that, and only `running` is imported by it.
"""
