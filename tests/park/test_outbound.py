"""The one way out: nowhere but to public addresses, no further than one request, and never for long."""

import socket

import pytest

from park.outbound import client, guard
from tests.webhook_server import WebhookServer


@pytest.fixture
def server(settings):
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    with WebhookServer() as server:
        yield server


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",  # noqa: S104
        "240.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.0.8", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1", "not an address",
    ],
)  # fmt: skip
def test_an_address_that_is_not_public_is_refused(address):
    assert not guard.may_connect(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700:4700::1111"])
def test_a_public_address_is_not(address):
    assert guard.may_connect(address)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://company.example/", "file:///etc/passwd", "https://user:word@company.example/", "https:///path", "//x",
        "https://company.example:99999/", "https://a b.example/", "https://company.example\\@10.0.0.1/", "gopher://x/",
        "https://公司.example/", "https://company.example/\r\nX: 1",
    ],
)  # fmt: skip
def test_what_is_no_plain_address_is_refused(url):
    with pytest.raises(client.Refused):
        client.post(url, b"", {})


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
def test_our_own_machine_is_refused_however_it_is_written(host, settings):
    settings.OUTBOUND_ALLOWED_NETWORKS = []
    with pytest.raises((client.Refused, client.Failed)) as refusal:
        client.post(f"http://{host}:9/", b"", {})

    assert "Error" not in str(refusal.value) or "name is not known" in str(refusal.value)  # nothing was connected to


def test_one_address_that_is_not_public_spoils_the_whole_name(monkeypatch):
    both = [(socket.AF_INET, 1, 6, "", (each, 443)) for each in ("8.8.8.8", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args: both)

    with pytest.raises(client.Refused):
        client.post("https://rebinding.example/", b"", {})


def test_a_name_is_looked_up_once_and_that_address_is_connected_to(server, monkeypatch):
    asked = []
    port = server.server.server_address[1]

    def look_up(host, *args):
        asked.append(host)
        return [(socket.AF_INET, 1, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", port))]

    monkeypatch.setattr("park.outbound.guard.socket.getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", _plain_connection)

    assert client.post(f"http://partner.example:{port}/hook", b"{}", {}).status == 200
    assert asked == ["partner.example"]
    assert server.requests[0].headers["Host"] == f"partner.example:{port}"


def _plain_connection(address, timeout):
    made = socket.socket()
    made.settimeout(timeout)
    made.connect(address)
    return made


def test_a_redirect_is_an_answer_and_not_followed(server):
    server.answers, server.location = [302], "http://10.0.0.1/"

    assert client.post(server.url, b"{}", {}).status == 302
    assert len(server.requests) == 1


def test_whoever_answers_too_slowly_is_left(server, monkeypatch):
    monkeypatch.setattr(client, "WHOLE", 0.4)
    server.slowness = 1.5
    with pytest.raises(client.Failed):
        client.post(server.url, b"{}", {})

    server.slowness, server.drip = 0, True  # a byte in time each time, without end
    with pytest.raises(client.Failed):
        client.post(server.url, b"{}", {})
    server.drip = False


def test_where_nobody_listens_it_may_be_later(settings):
    settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.0/8"]
    with pytest.raises(client.Failed):
        client.post("http://127.0.0.1:1/", b"", {})
