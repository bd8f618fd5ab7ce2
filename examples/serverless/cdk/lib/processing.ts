import { Duration } from 'aws-cdk-lib';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { EventType, type NotificationKeyFilter } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination, SnsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription, UrlSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Buckets } from './buckets.ts';
import type { Config } from './config.ts';
import { ARCHITECTURES, type Layers } from './layers.ts';
import { LeanFunction, may, objects } from './lean-function.ts';

interface Props {
  config: Config;
  buckets: Buckets;
  layers: Layers;
  distribution: Distribution;
}

/** Uploads become avatars, avatars notify the webhook and the CDN, and final failures are kept. */
export class Processing extends Construct {
  readonly deadLetters: Queue;
  readonly functions: { processImage: LeanFunction; invalidate: LeanFunction };

  constructor(scope: Construct, id: string, { config, buckets, layers, distribution }: Props) {
    super(scope, id);
    const { uploads, assets } = buckets;
    const architecture = ARCHITECTURES[config.architecture];
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });

    const processImage = new LeanFunction(this, 'ProcessImage', {
      path: config.functions.processImage,
      architecture,
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      // Memory buys CPU: 1,024 MB gives 58 % of one, which takes about 45 ms for a 12-megapixel photo.
      memorySize: 1024,
      timeout: Duration.seconds(30),
      layers: [layers.keenpix],
      environment: {
        DEST_BUCKET_NAME: assets.bucketName,
        FOLDER_INPUT: config.input,
        FOLDER_OUTPUT: config.output,
        PROCESS_WIDTH: '512',
        PROCESS_HEIGHT: '512',
        EXTRA_WIDTHS: '256,128,64',
        WRITE_STATUS: 'true',
        REJECTS_QUEUE_URL: this.deadLetters.queueUrl,
      },
      deadLetterQueue: this.deadLetters,
      retryAttempts: 2,
      allow: [
        may(['s3:GetObject', 's3:GetObjectVersion'], objects(this, config.uploads, config.input)),
        may(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], objects(this, config.assets, config.output)),
        // Without it S3 answers 403 for a missing object, and a deleted upload would look like a wrong permission. A
        // HEAD has no prefix, so the permission can't be restricted to one.
        may(['s3:ListBucket'], uploads.bucketArn, assets.bucketArn),
      ],
    });
    this.deadLetters.grantSendMessages(processImage);

    const invalidate = new LeanFunction(this, 'Invalidate', {
      path: config.functions.invalidate,
      architecture,
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      environment: { DISTRIBUTION_ID: distribution.distributionId, FOLDER_OUTPUT: config.output },
      deadLetterQueue: this.deadLetters,
      retryAttempts: 2,
      allow: [may(['cloudfront:CreateInvalidation'], distribution.distributionArn)],
    });
    this.functions = { processImage, invalidate };

    const inbox = prefix(config.input);
    for (const kind of [
      EventType.OBJECT_CREATED_PUT,
      EventType.OBJECT_CREATED_POST,
      EventType.OBJECT_CREATED_COMPLETE_MULTIPART_UPLOAD,
      EventType.OBJECT_REMOVED,
    ]) {
      uploads.addEventNotification(kind, new LambdaDestination(processImage), ...inbox);
    }

    // S3 sends an event to one destination only, so the webhook and the invalidation share a topic.
    const topic = new Topic(this, 'Topic', { topicName: config.topic, enforceSSL: true });
    topic.addSubscription(new UrlSubscription(config.webhook));
    topic.addSubscription(new LambdaSubscription(invalidate, { deadLetterQueue: this.deadLetters }));
    for (const kind of [EventType.OBJECT_CREATED_PUT, EventType.OBJECT_REMOVED]) {
      assets.addEventNotification(kind, new SnsDestination(topic), ...prefix(config.output));
    }
  }
}

function prefix(folder: string): NotificationKeyFilter[] {
  return folder === '' ? [] : [{ prefix: `${folder}/` }];
}
