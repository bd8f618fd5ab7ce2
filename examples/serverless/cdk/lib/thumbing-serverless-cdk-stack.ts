import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { Construct } from 'constructs';
import { Api } from './api.ts';
import { Buckets } from './buckets.ts';
import { Cdn } from './cdn.ts';
import type { Config } from './config.ts';
import { Layers } from './layers.ts';
import { Monitoring } from './monitoring.ts';
import { Processing } from './processing.ts';
import { Users } from './users.ts';

/** The system in the order of an avatar's life: request, upload, process, serve, and invalidate the old one. */
export class ThumbingServerlessCdkStack extends Stack {
  constructor(
    scope: Construct,
    id: string,
    { config, certificate, zone, ...props }: StackProps & { config: Config; certificate: ICertificate; zone: string },
  ) {
    super(scope, id, props);

    const layers = new Layers(this, 'Layers', config);
    const buckets = new Buckets(this, 'Buckets', config);
    const api = new Api(this, 'Api', { config, uploads: buckets.uploads, users: new Users(this, 'Users', config) });
    const cdn = new Cdn(this, 'Cdn', { config, certificate, zone, assets: buckets.assets, logs: buckets.logs });
    const processing = new Processing(this, 'Processing', { config, buckets, layers, distribution: cdn.distribution });
    new Monitoring(this, 'Monitoring', {
      email: config.alarmEmail,
      functions: { ...api.functions, ...processing.functions },
      deadLetters: processing.deadLetters,
    });

    new CfnOutput(this, 'ApiUrl', { value: api.url });
    new CfnOutput(this, 'AssetsUrl', { value: `https://${config.assets}` });
    new CfnOutput(this, 'RejectsUrl', { value: processing.rejects.queueUrl });
    new CfnOutput(this, 'DeadLettersUrl', { value: processing.deadLetters.queueUrl });
  }
}
