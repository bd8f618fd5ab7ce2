"""Uploads signed by boto3, as URLs and as forms, are accepted, and refused once anything in them is changed.

Starts the server for itself: KEENPIX_S3_SERVER names the program.
"""

import base64
import json
import os
import subprocess
import time
import unittest
import urllib.error
import urllib.request
import uuid
from pathlib import Path

import boto3
from botocore.config import Config

ROOT = Path(__file__).resolve().parents[5]
PROGRAM = os.environ.get("KEENPIX_S3_SERVER", str(ROOT / "target/debug/keenpix-s3-server"))
BODY = b"pixels"
TYPE = "image/png"


class Uploads(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = subprocess.Popen([PROGRAM], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        cls.endpoint = json.loads(cls.server.stdout.readline())["endpoint"]
        cls.order("bucket", bucket="uploads")
        cls.s3 = boto3.client(
            "s3",
            endpoint_url=cls.endpoint,
            region_name="us-east-1",
            aws_access_key_id="test",
            aws_secret_access_key="secret",
            config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
        )

    @classmethod
    def tearDownClass(cls):
        cls.server.stdin.close()
        cls.server.wait()
        cls.server.stdout.close()

    @classmethod
    def order(cls, what, **more):
        cls.server.stdin.write(json.dumps({"id": 1, "do": what, **more}) + "\n")
        cls.server.stdin.flush()
        return json.loads(cls.server.stdout.readline())["value"]

    def stored(self):
        return {found["key"]: found for found in self.order("list", bucket="uploads")}

    def refused(self, status, statuses=(403,)):
        self.assertIn(status, statuses)
        self.assertNotIn("other.png", self.stored())

    def send(self, url, method="PUT", body=BODY, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(url, body, headers, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code

    # URLs

    def url(self, key="me.png", expires=60, **more):
        params = {"Bucket": "uploads", "Key": key, "ContentType": TYPE, **more}
        return self.s3.generate_presigned_url("put_object", Params=params, ExpiresIn=expires)

    def test_a_url_is_accepted(self):
        self.assertEqual(self.send(self.url("by-url.png"), Content_Type=TYPE), 200)
        found = self.stored()["by-url.png"]
        self.assertEqual((base64.b64decode(found["body"]), found["contentType"]), (BODY, TYPE))

    def test_a_url_for_another_key_is_refused(self):
        self.refused(self.send(self.url().replace("me.png", "other.png"), Content_Type=TYPE))

    def test_a_url_with_another_content_type_is_refused(self):
        self.refused(self.send(self.url("other.png"), Content_Type="text/html"))

    def test_a_url_with_another_signature_or_none_is_refused(self):
        url = self.url("other.png")
        end = "1" if url.endswith("0") else "0"
        self.refused(self.send(url[:-1] + end, Content_Type=TYPE))
        self.refused(self.send(url.split("?")[0], Content_Type=TYPE))

    def test_a_url_for_another_time_is_refused(self):
        url = self.url("other.png")
        self.refused(self.send(url.replace("X-Amz-Expires=60", "X-Amz-Expires=600"), Content_Type=TYPE))

    def test_a_url_that_has_expired_is_refused(self):
        url = self.url("other.png", expires=1)
        time.sleep(2.1)
        self.refused(self.send(url, Content_Type=TYPE))

    def test_a_url_for_another_length_is_refused(self):
        url = self.url("other.png", ContentLength=len(BODY))
        self.assertIn("content-length", url)
        self.refused(self.send(url, body=BODY + b"!", Content_Type=TYPE))
        self.assertEqual(self.send(self.url("length.png", ContentLength=len(BODY)), Content_Type=TYPE), 200)

    def test_a_url_for_a_read_writes_nothing(self):
        url = self.s3.generate_presigned_url(
            "get_object", Params={"Bucket": "uploads", "Key": "other.png"}, ExpiresIn=60
        )
        self.refused(self.send(url, Content_Type=TYPE))

    # Forms

    def form(self, key="me.png", expires=60):
        return self.s3.generate_presigned_post(
            "uploads",
            key,
            Fields={"Content-Type": TYPE},
            Conditions=[{"Content-Type": TYPE}, ["content-length-range", 1, 100]],
            ExpiresIn=expires,
        )

    def post(self, form, body=BODY, **changed):
        changed = {name.replace("_", "-"): value for name, value in changed.items()}
        border = uuid.uuid4().hex
        parts = [
            f'--{border}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in {**form["fields"], **changed}.items()
        ]
        head = (
            f'--{border}\r\nContent-Disposition: form-data; name="file"; filename="a"\r\nContent-Type: {TYPE}\r\n\r\n'
        )
        content = "".join(parts).encode() + head.encode() + body + f"\r\n--{border}--\r\n".encode()
        return self.send(form["url"], "POST", content, Content_Type=f"multipart/form-data; boundary={border}")

    def test_a_form_is_accepted(self):
        self.assertIn(self.post(self.form("by-form.png")), (200, 201, 204))
        found = self.stored()["by-form.png"]
        self.assertEqual((base64.b64decode(found["body"]), found["contentType"]), (BODY, TYPE))

    def test_a_form_for_another_key_is_refused(self):
        self.refused(self.post(self.form(), key="other.png"), (400, 403))

    def test_a_form_with_another_content_type_is_refused(self):
        self.refused(self.post(self.form("other.png"), Content_Type="text/html"), (400, 403))

    def test_a_form_with_another_length_is_refused(self):
        self.refused(self.post(self.form("other.png"), body=bytes(101)), (400, 403))
        self.refused(self.post(self.form("other.png"), body=b""), (400, 403))

    def test_a_form_with_another_policy_or_signature_is_refused(self):
        form = self.form("other.png")
        policy = json.loads(base64.b64decode(form["fields"]["policy"]))
        policy["conditions"] = [one for one in policy["conditions"] if "content-length-range" not in one]
        changed = base64.b64encode(json.dumps(policy).encode()).decode()
        self.refused(self.post(form, policy=changed))
        signature = form["fields"]["x-amz-signature"]
        self.refused(self.post(form, x_amz_signature=("1" if signature[0] == "0" else "0") + signature[1:]))

    def test_a_form_that_has_expired_is_refused(self):
        form = self.form("other.png", expires=1)
        time.sleep(2.1)
        self.refused(self.post(form))


if __name__ == "__main__":
    unittest.main()
