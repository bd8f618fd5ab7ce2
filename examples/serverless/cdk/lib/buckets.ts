import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  HttpMethods,
  type IBucket,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from './config.ts';

const PRIVATE = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  // Deleting the stack by mistake keeps the photos.
  removalPolicy: RemovalPolicy.RETAIN,
};

/** Browsers write uploads, the CDN serves assets, and neither bucket is public. */
export class Buckets extends Construct {
  readonly uploads: Bucket;
  readonly assets: IBucket;
  readonly logs: Bucket;

  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id);
    this.logs = new Bucket(this, 'Logs', {
      ...PRIVATE,
      // CloudFront writes its logs with an ACL.
      objectOwnership: ObjectOwnership.BUCKET_OWNER_PREFERRED,
      lifecycleRules: [{ expiration: Duration.days(90) }],
    });
    this.uploads = new Bucket(this, 'Uploads', {
      ...PRIVATE,
      bucketName: config.uploads,
      serverAccessLogsBucket: this.logs,
      serverAccessLogsPrefix: 'uploads/',
      cors: [
        {
          allowedOrigins: config.origins,
          allowedMethods: [HttpMethods.PUT, HttpMethods.POST],
          allowedHeaders: ['content-type'],
          exposedHeaders: ['ETag'],
          maxAge: 3600,
        },
      ],
      lifecycleRules: [
        {
          abortIncompleteMultipartUploadAfter: Duration.days(1),
          // Their avatars stay: an expiry is no event of the kinds that process-image hears of.
          ...(config.originalDays && { expiration: Duration.days(config.originalDays) }),
        },
      ],
    });
    this.assets = config.assetsExist
      ? Bucket.fromBucketName(this, 'Assets', config.assets)
      : new Bucket(this, 'Assets', {
          ...PRIVATE,
          bucketName: config.assets,
          serverAccessLogsBucket: this.logs,
          serverAccessLogsPrefix: 'assets/',
        });
  }
}
