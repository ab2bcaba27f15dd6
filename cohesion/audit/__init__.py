"""The audit log: who did what, when and from where, written where it happens, and never changed afterwards."""

from cohesion.audit.kinds import AuditKind
from cohesion.audit.recording import record

__all__ = ["AuditKind", "record"]
