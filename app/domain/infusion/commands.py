"""Every command by one name, `c.Start`, while callers move to the chapters that hold them."""

from .chapters.bags import RecordCertificate, RejectBag, ReportBroken, ScanBag
from .chapters.bench import ChooseSet, DrawSurplus, Release, ReleaseBag
from .chapters.chapter import Command
from .chapters.corrections import Correct
from .chapters.drip import MeasureRate, ReadRemaining, SetRate, Start, StepUp
from .chapters.ending import CloseObservation, DestroyLeftover, End, FlushLine, ReturnBag, Stop
from .chapters.exchange import Receive, SendRelease
from .chapters.identity import CheckIdentity, CodeRead, VerifyBag
from .chapters.notes import AddNote, HandOver
from .chapters.ordering import Abandon
from .chapters.pause import ExplainPause, Pause, Resume
from .chapters.premedication import GivePremedication, OverrideLeadTime
from .chapters.reaction import NoteReaction, ResolveReaction, UpdateReaction
from .chapters.signing import Sign
from .chapters.thaw import CheckBag, HangBag, ReportEmpty, TakeDownBag, ThawBag
from .chapters.vital_checks import RecordVitals
from .chapters.watching import ConfirmElapsed
from .chapters.weighing import ConfirmWeight, RecordWeight

__all__ = [
    "Abandon", "AddNote", "CheckBag", "CheckIdentity", "ChooseSet", "CloseObservation", "CodeRead", "Command",
    "ConfirmElapsed", "ConfirmWeight", "Correct", "DestroyLeftover", "DrawSurplus", "End", "ExplainPause", "FlushLine",
    "GivePremedication", "HandOver", "HangBag", "MeasureRate", "NoteReaction", "OverrideLeadTime", "Pause", "ReadRemaining",
    "Receive", "RecordCertificate", "RecordVitals", "RecordWeight", "RejectBag", "Release", "ReleaseBag", "ReportBroken",
    "ReportEmpty", "ResolveReaction", "Resume", "ReturnBag", "ScanBag", "SendRelease", "SetRate", "Sign", "Start", "StepUp",
    "Stop", "TakeDownBag", "ThawBag", "UpdateReaction", "VerifyBag",
]  # fmt: skip
