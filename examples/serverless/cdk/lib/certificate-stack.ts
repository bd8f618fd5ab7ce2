import { Stack, type StackProps } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone, PublicHostedZone } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import type { Config } from './config.ts';

/** The CDN's certificate, in us-east-1, the only region that CloudFront accepts, and the zone that proves it. */
export class CertificateStack extends Stack {
  readonly certificate: Certificate;
  /** The id of the domain's hosted zone. A new one has to be made known to the domain's registrar. */
  readonly zone: string;

  constructor(scope: Construct, id: string, { config, ...props }: StackProps & { config: Config }) {
    super(scope, id, props);
    const zone = config.zone
      ? HostedZone.fromHostedZoneAttributes(this, 'Zone', { hostedZoneId: config.zone, zoneName: config.domain })
      : new PublicHostedZone(this, 'Zone', { zoneName: config.domain });
    this.zone = config.zone ?? zone.hostedZoneId;
    this.certificate = new Certificate(this, 'Certificate', {
      domainName: config.assets,
      validation: CertificateValidation.fromDns(zone),
    });
  }
}
