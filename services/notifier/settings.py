"""The notifier's settings.

Place in the pipeline: read once by `services.notifier.__main__`. Trust level: the administrator's.
Residual risk: a network named in `WETINK_WEBHOOK_ALLOW` can be reached by whoever may create webhooks.
"""

from ipaddress import IPv4Network, IPv6Network, ip_network

from pydantic import field_validator

from wetink.http.settings import HttpSettings


class NotifierSettings(HttpSettings):
    """What the notifier needs beyond what both faces share."""

    webhook_allow: str = ""
    """Networks (CIDR, commas) that webhooks may reach although private or loopback, by http too
    (`WETINK_WEBHOOK_ALLOW`)."""

    @field_validator("webhook_allow")
    @classmethod
    def _is_a_list_of_networks(cls, value: str) -> str:
        networks(value)
        return value

    @property
    def allowed_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """`webhook_allow` as networks."""
        return networks(self.webhook_allow)


def networks(listed: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """The networks in a list with commas; raises `ValueError` naming the wrong one."""
    return tuple(ip_network(word.strip()) for word in listed.split(",") if word.strip())
