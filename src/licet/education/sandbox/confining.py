"""What the child gives up: the same as every process that reads strangers' files (`kernel.confining`)."""

from licet.kernel.confining import CPU_SECONDS, MEMORY, leave_files, leave_network, limit, spent

__all__ = ["CPU_SECONDS", "MEMORY", "leave_files", "leave_network", "limit", "spent"]
