"""Azure's Blob storage, as far as backups need it. The pod's token of the cluster is changed for one of Entra, as AKS' workload identity has it.

https://learn.microsoft.com/rest/api/storageservices/blob-service-rest-api
https://learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow (third case: with a federated credential)
"""

import email.utils
import json
import time
import urllib.parse
import urllib.request
import xml.etree.ElementTree

from web import send

#: Version of the service's interface; by a token it is asked with 2017-11-09 or later.
VERSION = "2021-12-02"
ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
#: Seconds before its end at which a token is no longer used.
EARLY = 300


def from_environment(environment):
    return Container(environment["STORE_URL"], Login(environment))


class Login:
    """By the variables that AKS gives to pods of an identity."""

    def __init__(self, environment):
        self.environment = environment
        self.held = None
        self.ends = 0.0

    def now(self):
        if self.ends - time.time() < EARLY:
            self.held = self.fetch()
            self.ends = time.time() + int(self.held["expires_in"])
        return self.held["access_token"]

    def fetch(self):
        host, tenant = self.environment["AZURE_AUTHORITY_HOST"].rstrip("/"), self.environment["AZURE_TENANT_ID"]
        with open(self.environment["AZURE_FEDERATED_TOKEN_FILE"], encoding="ascii") as file:
            assertion = file.read().strip()
        form = {
            "client_id": self.environment["AZURE_CLIENT_ID"],
            "client_assertion": assertion,
            "client_assertion_type": ASSERTION,
            "grant_type": "client_credentials",
            "scope": "https://storage.azure.com/.default",
        }
        url, data = f"{host}/{tenant}/oauth2/v2.0/token", urllib.parse.urlencode(form).encode()
        return json.loads(send(lambda: urllib.request.Request(url, data=data, method="POST")))


class Container:
    def __init__(self, url, login):
        self.url = url
        self.login = login

    def put(self, name, data):
        self.call("PUT", name, data=data, headers={"x-ms-blob-type": "BlockBlob", "Content-Type": "application/octet-stream"})

    def get(self, name):
        return self.call("GET", name)

    def delete(self, name):
        self.call("DELETE", name)

    def listed(self, prefix):
        """Names of objects, each with the moment at which it was written."""
        marker = ""
        while True:
            query = {"restype": "container", "comp": "list", "prefix": prefix, "marker": marker}
            # With a byte order mark, as the service has it.
            page = xml.etree.ElementTree.fromstring(self.call("GET", "", query=query).decode("utf-8-sig"))
            for blob in page.iter("Blob"):
                written = blob.findtext("Properties/Last-Modified")
                yield blob.findtext("Name"), email.utils.parsedate_to_datetime(written)
            marker = page.findtext("NextMarker") or ""
            if not marker:
                return

    def call(self, method, name, query=None, data=None, headers=None):
        path = f"/{urllib.parse.quote(name)}" if name else ""
        url = self.url + path + (f"?{urllib.parse.urlencode(query)}" if query else "")

        def request():
            own = {
                "Authorization": "Bearer " + self.login.now(),
                "x-ms-version": VERSION,
                "x-ms-date": email.utils.formatdate(usegmt=True),
            }
            return urllib.request.Request(url, data=data, method=method, headers={**(headers or {}), **own})

        return send(request)
