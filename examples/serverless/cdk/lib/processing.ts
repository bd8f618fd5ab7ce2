import { Duration } from 'aws-cdk-lib';
import type { Distribution } from 'aws-cdk-lib/aws-cloudfront';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { EventType, type NotificationKeyFilter } from 'aws-cdk-lib/aws-s3';
import { LambdaDestination, SnsDestination } from 'aws-cdk-lib/aws-s3-notifications';
import { FilterOrPolicy, SubscriptionFilter, Topic } from 'aws-cdk-lib/aws-sns';
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
  /** Events that no function could handle: for operators. */
  readonly deadLetters: Queue;
  /** Uploads that can't become avatars: their users have been told. */
  readonly rejects: Queue;
  readonly functions: { processImage: LeanFunction; invalidate?: LeanFunction };

  constructor(scope: Construct, id: string, { config, buckets, layers, distribution }: Props) {
    super(scope, id);
    const { uploads, assets } = buckets;
    const architecture = ARCHITECTURES[config.architecture];
    const kept = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true, retentionPeriod: Duration.days(14) };
    this.deadLetters = new Queue(this, 'DeadLetters', kept);
    this.rejects = new Queue(this, 'Rejects', kept);

    const processImage = new LeanFunction(this, 'ProcessImage', {
      path: config.functions.processImage,
      architecture,
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      logDays: config.logDays,
      // Memory buys CPU: 1,024 MB gives 58 % of one, which takes about 45 ms for a 12-megapixel photo.
      memorySize: config.memory,
      timeout: Duration.seconds(30),
      layers: [layers.keenpix],
      environment: {
        DEST_BUCKET_NAME: assets.bucketName,
        FOLDER_INPUT: config.input,
        FOLDER_OUTPUT: config.output,
        ...config.process,
        WRITE_STATUS: 'true',
        REJECTS_QUEUE_URL: this.rejects.queueUrl,
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
    this.rejects.grantSendMessages(processImage);
    this.functions = { processImage };

    const inbox = prefix(config.input);
    for (const kind of [
      EventType.OBJECT_CREATED_PUT,
      EventType.OBJECT_CREATED_POST,
      EventType.OBJECT_CREATED_COMPLETE_MULTIPART_UPLOAD,
      EventType.OBJECT_REMOVED,
    ]) {
      uploads.addEventNotification(kind, new LambdaDestination(processImage), ...inbox);
    }

    if (config.webhook === undefined && !config.invalidates) return;
    // S3 sends an event to one destination only, so the webhook and the invalidation share a topic.
    const topic = new Topic(this, 'Topic', { topicName: config.topic, enforceSSL: true });
    if (config.webhook) topic.addSubscription(new UrlSubscription(config.webhook));
    for (const kind of [EventType.OBJECT_CREATED_PUT, EventType.OBJECT_REMOVED]) {
      assets.addEventNotification(kind, new SnsDestination(topic), ...prefix(config.output));
    }
    // Names that contain a hash are never invalidated.
    if (!config.invalidates) return;
    const invalidate = new LeanFunction(this, 'Invalidate', {
      path: config.functions.invalidate,
      architecture,
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      logDays: config.logDays,
      environment: { DISTRIBUTION_ID: distribution.distributionId, FOLDER_OUTPUT: config.output },
      deadLetterQueue: this.deadLetters,
      retryAttempts: 2,
      allow: [
        may(['cloudfront:CreateInvalidation'], distribution.distributionArn),
        may(['s3:GetObject'], objects(this, config.assets, config.output)),
        // As above: a status that is gone by now is no wrong permission.
        may(['s3:ListBucket'], assets.bucketArn),
      ],
    });
    this.functions = { processImage, invalidate };
    // Once for each avatar: its status is written last.
    const key = FilterOrPolicy.filter(SubscriptionFilter.stringFilter({ matchSuffixes: ['.json'] }));
    const at = (name: string, inner: FilterOrPolicy) => FilterOrPolicy.policy({ [name]: inner });
    topic.addSubscription(
      new LambdaSubscription(invalidate, {
        deadLetterQueue: this.deadLetters,
        filterPolicyWithMessageBody: { Records: at('s3', at('object', at('key', key))) },
      }),
    );
  }
}

function prefix(folder: string): NotificationKeyFilter[] {
  return folder === '' ? [] : [{ prefix: `${folder}/` }];
}
