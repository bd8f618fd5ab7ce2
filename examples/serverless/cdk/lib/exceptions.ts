import { type App, Stack, Validations } from 'aws-cdk-lib';
import { CfnRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { CfnPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import type { IConstruct } from 'constructs';
import type { Config } from './config.ts';

interface Exception {
  id: string;
  reason: string;
  /** The constructs it applies to: no exception is wider than its reason. */
  on: (construct: IConstruct) => boolean;
}

const inPath =
  (...parts: string[]) =>
  (construct: IConstruct) =>
    parts.some((part) => construct.node.path.includes(part));
const under = (folder: string) => (folder === '' ? '*' : `${folder}/*`);

/** The cdk-nag rules that this system breaks on purpose, each with its reason. */
export function exceptions({ uploads, assets, input, output }: Config): Exception[] {
  return [
    {
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'xray:PutTraceSegments and PutTelemetryRecords know no resources.',
      on: (construct) =>
        construct instanceof CfnPolicy &&
        inPath('AuthorizerRole', 'PresignRole', 'ProcessImageRole', 'InvalidateRole')(construct),
    },
    {
      id: `AwsSolutions-IAM5[Resource::arn:aws:s3:::${uploads}/${under(input)}]`,
      reason:
        'Keys hold the subject of a user, so the right is one to the folder: presign puts there, process-image reads there.',
      on: (construct) => construct instanceof CfnPolicy && inPath('PresignRole', 'ProcessImageRole')(construct),
    },
    {
      id: `AwsSolutions-IAM5[Resource::arn:aws:s3:::${assets}/${under(output)}]`,
      reason: 'Avatars are named after their users, so the right is one to the folder of the avatars, and to no other.',
      on: (construct) => construct instanceof CfnPolicy && inPath('ProcessImageRole', 'InvalidateRole')(construct),
    },
    {
      id: 'AwsSolutions-APIG4',
      reason: 'A browser sends no token with a preflight; the function answers it without touching anything.',
      on: (construct) => construct instanceof CfnRoute && construct.routeKey.startsWith('OPTIONS '),
    },
    {
      id: 'AwsSolutions-CFR1',
      reason: 'Avatars are for readers in every country.',
      on: (construct) => construct instanceof CfnDistribution,
    },
    {
      id: 'AwsSolutions-CFR2',
      reason:
        'The distribution serves static files from a private bucket: there is no application behind it to attack.',
      on: (construct) => construct instanceof CfnDistribution,
    },
    {
      id: 'AwsSolutions-SQS3',
      reason: 'Nothing consumes the rejects, so nothing can fail to: they are kept for whoever wants to look.',
      on: (construct) => construct instanceof CfnQueue && inPath('Rejects')(construct),
    },
    {
      id: 'AwsSolutions-L1',
      reason: 'The presign function is written for Ruby 3.4, the version with which it is tested.',
      on: (construct) => construct instanceof CfnFunction && construct.runtime === 'ruby3.4',
    },
    {
      id: 'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      reason: "The role of CDK's own helper that sets the notifications of a bucket while it deploys.",
      on: (construct) => construct instanceof CfnRole && inPath('BucketNotificationsHandler')(construct),
    },
  ];
}

export function acknowledge(app: App, config: Config) {
  for (const construct of app.node.findAll()) {
    if (construct instanceof Stack) continue;
    for (const { id, reason, on } of exceptions(config)) {
      if (on(construct)) Validations.of(construct).acknowledge({ id, reason });
    }
  }
}
