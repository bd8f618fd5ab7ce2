import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  type Architecture,
  Code,
  type FunctionProps,
  Function as LambdaFunction,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

type Props = Omit<FunctionProps, 'code' | 'role' | 'logGroup' | 'architecture'> & {
  path: string;
  architecture: Architecture;
  logDays: number;
  allow: PolicyStatement[];
};

/** A function with only the permissions it is given: its own log group and traces, and no managed policy. */
export class LeanFunction extends LambdaFunction {
  constructor(scope: Construct, id: string, { path, allow, logDays, ...props }: Props) {
    const logs = new LogGroup(scope, `${id}Logs`, {
      retention: logDays as RetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const rights = new Role(scope, `${id}Role`, { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logs.grantWrite(rights);
    for (const statement of allow) rights.addToPolicy(statement);
    super(scope, id, {
      memorySize: 256,
      timeout: Duration.seconds(10),
      tracing: Tracing.ACTIVE,
      ...props,
      code: Code.fromAsset(path, { exclude: ['test', 'Gemfile', 'README.md', '.gitignore'] }),
      logGroup: logs,
      role: rights,
    });
  }
}

/** The right to some actions on some resources. */
export function may(actions: string[], ...resources: string[]) {
  return new PolicyStatement({ actions, resources });
}

/** The objects of a bucket under a folder; all of them if the folder is empty. */
export function objects(scope: Construct, bucket: string, folder: string) {
  return Stack.of(scope).formatArn({
    service: 's3',
    region: '',
    account: '',
    resource: bucket,
    resourceName: folder === '' ? '*' : `${folder}/*`,
  });
}
