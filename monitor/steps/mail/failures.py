"""What a failed hand-over means for the next attempt."""

from monitor.errors import DeliveryError


class MailError(DeliveryError):
    """The mail server did not accept the message."""

    def __init__(
        self, message: str, *, permanent: bool = False, unknown: bool = False, delivered: bool = False
    ) -> None:
        super().__init__(message)
        #: trying again the same way cannot help; a person must change something
        self.permanent = permanent
        #: the server may have accepted: send again with the same Message-ID, never compose anew
        self.unknown = unknown
        #: accepted for the other recipients: mark it sent and report the refused ones, do not send again
        self.delivered = delivered

    @property
    def retry(self) -> bool:
        """Whether another attempt is worth it."""
        return not self.permanent
