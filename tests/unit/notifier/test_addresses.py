"""Webhooks never go into the house, however the address is spelt."""

from ipaddress import ip_address, ip_network

import pytest

from services.notifier.settings import NotifierSettings
from services.notifier.webhooks.addresses import check_url, may_dial

_INNER = """
0.0.0.0 10.1.2.3 100.64.0.1 100.127.255.255 127.0.0.1 127.1.2.3 169.254.1.1 169.254.169.254
172.16.0.1 172.31.255.255 192.0.0.1 192.0.0.9 192.0.2.7 192.88.99.1 192.168.0.1 198.18.0.1
198.19.255.255 198.51.100.1 203.0.113.9 224.0.0.1 239.1.1.1 240.0.0.1 255.255.255.255
100.100.100.200 :: ::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::127.0.0.1 64:ff9b::a00:1 64:ff9b:1::1
100::1 2001::1 2001:10::1 2001:20::1 2001:db8::1 2002:7f00:1:: 2002:a00:1:: 3fff::1 5f00::1 fc00::1
fd00:ec2::254 fe80::1 fec0::1 ff02::1
"""
_OUTER = """
1.1.1.1 8.8.8.8 100.128.0.1 172.32.0.1 198.20.0.1 ::ffff:8.8.8.8 2606:4700::1111 2a00:1450::8
"""
_WRONG = r"""
http://hooks.example.com/ https://127.0.0.1/ https://127.1/ https://0x7f000001/ https://2130706433/
https://0177.0.0.1/ https://[::1]/ https://[::ffff:127.0.0.1]/ https://localhost/
https://a.localhost/ https://printer/ https://db.internal/ https://nas.local./
https://10.0.0.1:8443/x https://user@hooks.example.com/ https://user:pass@hooks.example.com/
https://hooks.example.com/#x ftp://hooks.example.com/ https:///x hooks.example.com
https://hooks.example.com:0/ https://hooks.example.com:99999/ https://hooks.example.com\@127.0.0.1/
https://[::1
"""


@pytest.mark.parametrize("address", _INNER.split())
def test_an_inner_address_is_not_dialled(address):
    assert not may_dial(ip_address(address), (), is_tls=True)


@pytest.mark.parametrize("address", _OUTER.split())
def test_a_public_address_is_dialled_by_https_alone(address):
    assert may_dial(ip_address(address), (), is_tls=True)
    assert not may_dial(ip_address(address), (), is_tls=False)


def test_an_allowed_network_is_reached_by_http_too_but_link_local_never():
    allowed = NotifierSettings(webhook_allow="127.0.0.0/8, 169.254.0.0/16, 10.0.0.0/8").allowed_networks
    assert may_dial(ip_address("127.0.0.1"), allowed, is_tls=False)
    assert may_dial(ip_address("::ffff:10.1.1.1"), allowed, is_tls=False)
    assert not may_dial(ip_address("169.254.169.254"), allowed, is_tls=True)
    assert not may_dial(ip_address("192.168.1.1"), allowed, is_tls=True)


@pytest.mark.parametrize(
    "address",
    ["::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "::169.254.169.254", "2002:a9fe:a9fe::1", "fd00:ec2::254"],
)
def test_the_metadata_service_is_not_reached_through_a_gateway_whatever_is_allowed(address):
    assert not may_dial(ip_address(address), (ip_network("::/0"), ip_network("0.0.0.0/0")), is_tls=True)


@pytest.mark.parametrize(
    "url",
    [*_WRONG.split(), "https://\uff11\uff12\uff17.0.0.1/"],
)
def test_a_plainly_wrong_address_is_refused_when_it_is_given(url):
    with pytest.raises(ValueError, match=r"."):
        check_url(url, ())


@pytest.mark.parametrize(
    "url", ["https://hooks.example.com/a?b=c", "https://8.8.8.8/", "https://[2606:4700::1]:8443/"]
)
def test_a_public_address_is_taken(url):
    check_url(url, ())


def test_with_an_allowed_network_its_addresses_and_names_may_be_given():
    allowed = (ip_network("127.0.0.0/8"),)
    check_url("http://127.0.0.1:9000/hook", allowed)
    check_url("http://localhost:9000/hook", allowed)
    with pytest.raises(ValueError, match="public"):
        check_url("http://10.0.0.1/", allowed)


def test_a_setting_that_is_no_network_is_refused_at_start():
    with pytest.raises(ValueError, match="webhook_allow"):
        NotifierSettings(webhook_allow="127.0.0.1/8")
