'use strict';

/**
 * Sends final failures to the dead-letter queue at once, with class and key: retrying would decode a hostile file three
 * times for nothing. Undefined without a queue; then they are thrown, and get there after their tries.
 */
function createRejects(queue) {
  if (!queue) return undefined;
  const { SQSClient, SendMessageCommand } = require('@aws-sdk/client-sqs');
  const sqs = new SQSClient({});
  return async ({ bucket, key, etag, version } = {}, item, { code, message }) => {
    await sqs.send(
      new SendMessageCommand({
        QueueUrl: queue,
        MessageBody: JSON.stringify({ code, message, bucket, key, etag, version, item }),
        MessageAttributes: { code: { DataType: 'String', StringValue: code } },
      }),
    );
  };
}

module.exports = { createRejects };
