import { type App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { CertificateStack } from './certificate-stack.ts';
import type { Config } from './config.ts';
import { acknowledge } from './exceptions.ts';
import { ThumbingServerlessCdkStack } from './thumbing-serverless-cdk-stack.ts';

/** Both stacks: the certificate where CloudFront needs it, and everything else in the users' region. */
export function build(app: App, config: Config, { withExceptions = true } = {}) {
  const account = config.account;
  const certificates = new CertificateStack(app, 'ThumbingServerlessCertificateStack', {
    env: { account, region: 'us-east-1' },
    crossRegionReferences: true,
    config,
  });
  const stack = new ThumbingServerlessCdkStack(app, 'ThumbingServerlessCdkStack', {
    env: { account, region: config.region },
    crossRegionReferences: true,
    config,
    certificate: certificates.certificate,
    zone: certificates.zone,
  });
  Tags.of(app).add('project', 'avatars');
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app, { verbose: true }));
  if (withExceptions) acknowledge(app, config);
  return { stack, certificates };
}
