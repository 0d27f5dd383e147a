"""A port that another program holds is named before anything is started."""

import socket

import pytest

from deploy.local.up import StartError, check_ports
from tests.support.system import free_ports
from wetink.settings import SharedSettings


@pytest.fixture
def ports():
    intake, queue = free_ports(2)
    return {"intake_port": intake, "queue_port": queue, "kafka_port": free_ports(2, in_a_row=True)[0]}


@pytest.mark.parametrize(
    ("taken", "step"), [("intake_port", 0), ("queue_port", 0), ("kafka_port", 0), ("kafka_port", 1)]
)
def test_a_port_that_is_taken_is_named_with_its_setting(ports, taken, step):
    check_ports(SharedSettings(**ports))
    with socket.create_server(("127.0.0.1", ports[taken] + step)), pytest.raises(StartError) as refused:
        check_ports(SharedSettings(**ports))
    assert f"port {ports[taken] + step} " in str(refused.value)
    assert f"WETINK_{taken.upper()}" in str(refused.value)


def test_with_another_cluster_the_local_brokers_ports_do_not_matter(ports):
    with socket.create_server(("127.0.0.1", ports["kafka_port"])):
        check_ports(SharedSettings(**ports, kafka_bootstrap="kafka.example:9092"))
