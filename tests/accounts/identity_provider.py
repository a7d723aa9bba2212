"""A provider of OpenID Connect in a thread, over HTTP: honest, unless a test makes it say something else.

It asks nobody who they are, unless it shows a page, on which a person in a browser presses a button.
"""

import base64
import contextlib
import hashlib
import html
import json
import secrets
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "plenara", "a secret of the client, of 32 bytes or more"


def new_key():
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


KEY, FORGED = new_key(), new_key()


class IdentityProvider:
    """Its server, whom it names, and what a test changes of its answers."""

    def __init__(self, url=""):
        self.url, self.codes, self.tokens, self.is_down = url, {}, {}, False
        self.reset()

    def reset(self):
        self.person = {
            "sub": "noor-1",
            "name": "Noor Haddad",
            "email": "noor@people.example",
            "email_verified": True,
            "organization": "Reed Society",
            "address": {"country": "LB"},
        }
        self.id_token, self.userinfo, self.key, self.algorithm, self.header = {}, {}, KEY, "RS256", {"kid": "one"}
        self.error, self.is_down, self.with_id_token, self.has_page = "", False, True, False

    def claims(self, nonce):
        now = int(time.time())
        claims = {"iss": self.url, "aud": CLIENT, "iat": now, "exp": now + 300, "sub": self.person["sub"]}
        claims |= ({"nonce": nonce} if nonce else {}) | self.id_token
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, nonce):
        if self.algorithm == "none":
            return jwt.encode(self.claims(nonce), None, algorithm="none", headers=self.header)
        if self.algorithm == "HS256":
            return jwt.encode(self.claims(nonce), SECRET, algorithm="HS256", headers=self.header)
        return jwt.encode(self.claims(nonce), self.key, algorithm=self.algorithm, headers=self.header)

    def entry(self, identifier="reed", **more):
        """Return its entry of the setting."""
        return {
            "id": identifier,
            "protocol": "openid_connect",
            "name": "Reed Society",
            "server_url": self.url,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "vouches_for": True,
            **more,
        }


def page(action, fields, method="get"):
    """Return the page of a provider on which a person signs in, or does not."""
    hidden = "".join(f'<input type="hidden" name="{name}" value="{html.escape(fields[name])}">' for name in fields)
    return (
        f'<!doctype html><title>Provider</title><form method="{method}" action="{html.escape(action)}">{hidden}'
        '<button>Yes, it is me</button> <button name="error" value="access_denied">Cancel</button></form>'
    )


class Handler(BaseHTTPRequestHandler):
    """Answers for a provider."""

    def log_message(self, *_arguments):
        pass

    @property
    def it(self):
        return self.server.provider

    def answer(self, body, status=200):
        self.send(json.dumps(body), "application/json", status)

    def send(self, text, content_type, status=200):
        sent = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(sent)))
        self.end_headers()
        self.wfile.write(sent)

    def do_GET(self):
        path, asked = urlsplit(self.path).path, dict(parse_qsl(urlsplit(self.path).query))
        if self.it.is_down:
            self.answer({}, 503)
        elif path == "/.well-known/openid-configuration":
            url = self.it.url
            self.answer(
                {
                    "issuer": url,
                    "authorization_endpoint": f"{url}/authorize",
                    "token_endpoint": f"{url}/token",
                    "userinfo_endpoint": f"{url}/userinfo",
                    "jwks_uri": f"{url}/jwks",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                }
            )
        elif path == "/authorize" and self.it.has_page:
            self.send(page("/sign-in", asked), "text/html")
        elif path in {"/authorize", "/sign-in"}:
            self.authorize(asked)
        elif path == "/jwks":
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key()))
            self.answer({"keys": [{**key, "kid": "one", "use": "sig", "alg": "RS256"}]})
        elif path != "/userinfo":
            self.answer({}, 404)
        else:
            token = self.headers["Authorization"].removeprefix("Bearer ")
            self.answer(self.it.person | self.it.userinfo if token in self.it.tokens else {})

    def authorize(self, asked):
        if error := asked.pop("error", self.it.error):
            back = {"error": error}
        else:
            code = secrets.token_urlsafe(16)
            self.it.codes[code] = asked
            back = {"code": code}
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({**back, 'state': asked['state']})}")
        self.end_headers()

    def do_POST(self):
        sent = {name: values[0] for name, values in parse_qs(self.body()).items()}
        asked = self.it.codes.pop(sent.get("code"), None)
        challenge = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or (sent["client_id"], sent["client_secret"]) != (CLIENT, SECRET)
            or asked["redirect_uri"] != sent["redirect_uri"]
            or asked["code_challenge"] != base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        ):
            self.answer({"error": "invalid_grant"}, 400)
            return
        token = secrets.token_urlsafe(16)
        self.it.tokens[token] = asked
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": 300}
        if self.it.with_id_token:
            answer["id_token"] = self.it.token(asked.get("nonce"))
        self.answer(answer)

    def body(self):
        return self.rfile.read(int(self.headers["Content-Length"])).decode()


@contextlib.contextmanager
def serving(handler=Handler, provider=IdentityProvider):
    """Yield a provider that answers while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.provider = provider(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield server.provider
    finally:
        server.shutdown()
        server.server_close()


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments):
        return None


def follow(address):
    """Return where a provider sends a browser."""
    try:
        urllib.request.build_opener(_Stay).open(address)
    except urllib.error.HTTPError as redirect:
        return redirect.headers["Location"]
    raise AssertionError("the provider did not redirect")
