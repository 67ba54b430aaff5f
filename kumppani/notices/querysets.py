"""A notice is its recipient's, in the role it was written for."""

from kumppani.core.letters import MAX_ATTEMPTS
from kumppani.core.querysets import VisibleQuerySet


class NoticeQuerySet(VisibleQuerySet):
    def _own(self, actor):
        return self.filter(recipient_id=actor.user_id, role=actor.role, dropped_at__isnull=True)

    _for_staff = _for_social_worker = _for_partner = _for_parent = _for_trainer = _for_administrator = _own

    def unread(self):
        """Those not opened yet."""
        return self.filter(read_at__isnull=True)

    def waiting_to_be_sent(self):
        """Those whose letter has neither left nor become needless."""
        return self.filter(sent_at__isnull=True, dropped_at__isnull=True)

    def given_up(self):
        """Those whose letter the mail server never took: somebody should look at the address or at the server."""
        return self.waiting_to_be_sent().filter(attempts__gte=MAX_ATTEMPTS)
