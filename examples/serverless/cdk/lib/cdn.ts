import { Duration, Stack } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import {
  CachePolicy,
  type CfnDistribution,
  Distribution,
  OriginRequestPolicy,
  ResponseHeadersPolicy,
  SecurityPolicyProtocol,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { AaaaRecord, ARecord, HostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { CloudFrontTarget } from 'aws-cdk-lib/aws-route53-targets';
import type { Bucket, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from './config.ts';

interface Props {
  config: Config;
  certificate: ICertificate;
  /** The hosted zone's id. */
  zone: string;
  assets: IBucket;
  logs: Bucket;
}

/** https://assets.<domain>: the only reader of the assets bucket. */
export class Cdn extends Construct {
  readonly distribution: Distribution;

  constructor(scope: Construct, id: string, { config, certificate, zone: hostedZoneId, assets, logs }: Props) {
    super(scope, id);
    this.distribution = new Distribution(this, 'Distribution', {
      comment: config.assets,
      domainNames: [config.assets],
      certificate,
      minimumProtocolVersion: SecurityPolicyProtocol.TLS_V1_2_2021,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(assets),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        originRequestPolicy: OriginRequestPolicy.CORS_CUSTOM_ORIGIN,
        // The managed policy SimpleCORS.
        responseHeadersPolicy: ResponseHeadersPolicy.CORS_ALLOW_ALL_ORIGINS,
      },
      // The page requests an avatar before it exists; CloudFront would cache the error for ten seconds.
      errorResponses: [403, 404].map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
      logBucket: logs,
      logFilePrefix: 'cdn/',
    });
    // The bucket's regional name as a constant, which keeps the template readable.
    const { region } = Stack.of(this);
    (this.distribution.node.defaultChild as CfnDistribution).addPropertyOverride(
      'DistributionConfig.Origins.0.DomainName',
      `${config.assets}.s3.${region}.amazonaws.com`,
    );

    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId,
      zoneName: config.domain,
    });
    const target = RecordTarget.fromAlias(new CloudFrontTarget(this.distribution));
    new ARecord(this, 'A', { zone, recordName: config.assets, target });
    new AaaaRecord(this, 'Aaaa', { zone, recordName: config.assets, target });
  }
}
