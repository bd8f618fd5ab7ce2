import { Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import type { Config } from './config.ts';

/** The CDN's certificate, in us-east-1, the only region that CloudFront accepts. */
export class CertificateStack extends Stack {
  readonly certificate: Certificate;

  constructor(scope: Construct, id: string, { config, ...props }: StackProps & { config: Config }) {
    super(scope, id, props);
    const zone = HostedZone.fromHostedZoneAttributes(this, 'Zone', {
      hostedZoneId: config.zone,
      zoneName: config.domain,
    });
    this.certificate = new Certificate(this, 'Certificate', {
      domainName: config.assets,
      validation: CertificateValidation.fromDns(zone),
    });
  }
}
