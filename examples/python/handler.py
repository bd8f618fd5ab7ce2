"""An AWS Lambda function: an upload to one bucket becomes an avatar and a thumbnail in another.

Environment: DEST_BUCKET_NAME, the bucket for results; FOLDER_OUTPUT, the folder in it (default: "processed").
Runtime: Python 3.9 or later, with the layer that `make layer-python` builds. boto3 is part of the runtime.
"""

import functools
import json
import os
import urllib.parse

import keenpix

PLANS = {
    "avatar": {
        "resize": {"width": 512, "height": 512, "position": "attention"},
        "encode": {"format": "webp", "quality": 80},
    },
    "thumbnail": {
        "resize": {"width": 200, "fit": "inside", "enlarge": False},
        "encode": {"format": "jpeg"},
    },
}

LIMITS = {"input_bytes": 25_000_000, "pixels": 100_000_000, "memory": 200_000_000}

# Seconds reserved for writing the results; the rest of the function's time is for processing.
MARGIN = 2


def handler(event, context, s3=None):
    """Handles each record of an S3 event. Faults of the file are reported; temporary failures are raised."""
    s3 = s3 or _s3()
    return [_record(s3, record["s3"], context) for record in event.get("Records", []) if _is_new(record)]


def _record(s3, source, context):
    # Keys in S3 events are form-encoded.
    key = urllib.parse.unquote_plus(source["object"]["key"])
    bucket = source["bucket"]["name"]
    body = s3.get_object(Bucket=bucket, Key=key)["Body"]
    deadline = context.get_remaining_time_in_millis() / 1000 - MARGIN
    try:
        images = keenpix.transform_many(body, list(PLANS.values()), limits=LIMITS, deadline=max(deadline, 0))
    except keenpix.KeenpixError as error:
        if error.retryable:
            raise  # Lambda will deliver the event again.
        report = {"source": f"s3://{bucket}/{key}", "error": error.code, "message": str(error), "hint": error.hint}
        print(json.dumps(report))
        return report
    finally:
        body.close()
    return {"source": f"s3://{bucket}/{key}", "written": [_write(s3, key, *made) for made in zip(PLANS, images)]}


def _write(s3, key, name, image):
    stem = os.path.splitext(os.path.basename(key))[0]
    target = f"{os.environ.get('FOLDER_OUTPUT', 'processed')}/{stem}/{name}.{image.extension}"
    s3.put_object(
        Bucket=os.environ["DEST_BUCKET_NAME"],
        Key=target,
        Body=image.data,
        ContentType=image.media_type,
        CacheControl="public, max-age=31536000, immutable",
    )
    return target


def _is_new(record):
    return record.get("eventName", "").startswith(("ObjectCreated:", "s3:ObjectCreated:"))


@functools.lru_cache(maxsize=1)
def _s3():
    import boto3

    return boto3.client("s3")
