"""A shop's server that is told of events: security event tokens (RFC 8935) and logout tokens checked with joserfc, webhooks with standardwebhooks.

    receiver.py <issuer> <audience> <webhook secret> <webhook public key> <port>

Prints the port that it listens on, and then a line of JSON for each event that proved genuine, or the word `refused`.
"""

import base64
import json
import sys
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from joserfc import jwt
from joserfc.jwk import KeySet
from standardwebhooks.webhooks import Webhook

issuer, audience, secret, public_key, port = sys.argv[1:6]
with urllib.request.urlopen(f"{issuer}/.well-known/ssf-configuration") as answer:
    metadata = json.load(answer)
with urllib.request.urlopen(metadata["jwks_uri"]) as answer:
    keys = KeySet.import_key_set(json.load(answer))


def token(text, kind, registry):
    decoded = jwt.decode(text, keys, algorithms=["RS256"])
    assert decoded.header["typ"] == kind, decoded.header
    jwt.JWTClaimsRegistry(iss={"essential": True, "value": issuer}, aud={"essential": True, "value": audience}, **registry).validate(decoded.claims)
    return decoded.claims


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            if self.path == "/webhook":
                told = Webhook(secret).verify(body, dict(self.headers))
                told["id"] = self.headers["webhook-id"]
                signed = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}.".encode() + body
                told["v1a"] = any(self.is_by_key(sent[4:], signed) for sent in self.headers["webhook-signature"].split(" ") if sent.startswith("v1a,"))
                status = 204
            elif self.path == "/logout":
                told = token(parse_qs(body.decode())["logout_token"][0], "logout+jwt", {"exp": {"essential": True}, "iat": {"essential": True}})
                assert "nonce" not in told
                status = 200
            else:
                assert self.headers["content-type"] == "application/secevent+jwt" and self.headers["authorization"] == "Bearer of-the-receiver", dict(self.headers)
                told = token(body.decode(), "secevent+jwt", {"iat": {"essential": True}, "jti": {"essential": True}})
                assert "sub" not in told and "exp" not in told and len(told["events"]) == 1
                status = 202
            print(json.dumps({"path": self.path, **told}), flush=True)
        except Exception as error:  # whatever it is, it is no genuine event
            print(f"refused {self.path} {error!r}", flush=True)
            status = 400
        self.send_response(status)
        self.send_header("content-length", "0")
        self.end_headers()

    @staticmethod
    def is_by_key(signature, signed):
        try:
            Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key.removeprefix("whpk_"))).verify(base64.b64decode(signature), signed)
            return True
        except Exception:
            return False

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", int(port)), Receiver)
print(server.server_port, flush=True)
server.serve_forever()
