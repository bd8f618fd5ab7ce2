import { Duration } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  type CfnStage,
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  LogGroupLogDestination,
  PayloadFormatVersion,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaAuthorizer, HttpLambdaResponseType } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Config } from './config.ts';
import { ARCHITECTURES } from './layers.ts';
import { LeanFunction, may, objects } from './lean-function.ts';

interface Props {
  config: Config;
  uploads: Bucket;
  users: { pool: string; client: string };
}

/** POST /avatars/key_upload for signed-in users; the preflight for everybody. */
export class Api extends Construct {
  readonly url: string;
  readonly functions: { authorizer: LeanFunction; presign: LeanFunction };

  constructor(scope: Construct, id: string, { config, uploads, users }: Props) {
    super(scope, id);
    const architecture = ARCHITECTURES[config.architecture];
    const authorizer = new LeanFunction(this, 'Authorizer', {
      path: config.functions.authorizer,
      architecture,
      runtime: Runtime.NODEJS_24_X,
      handler: 'index.handler',
      logDays: config.logDays,
      environment: { USER_POOL_ID: users.pool, CLIENT_ID: users.client },
      allow: [],
    });
    const presign = new LeanFunction(this, 'Presign', {
      path: config.functions.presign,
      architecture,
      runtime: Runtime.RUBY_3_4,
      handler: 'function.handler',
      logDays: config.logDays,
      environment: {
        UPLOADS_BUCKET_NAME: uploads.bucketName,
        THUMBING_S3_FOLDER_INPUT: config.input,
        ALLOWED_ORIGINS: config.origins.join(','),
        // A URL is signed before there is a body, so there is nothing to compute a checksum of.
        AWS_REQUEST_CHECKSUM_CALCULATION: 'WHEN_REQUIRED',
      },
      allow: [may(['s3:PutObject'], objects(this, config.uploads, config.input))],
    });
    this.functions = { authorizer, presign };

    const api = new HttpApi(this, 'HttpApi', { apiName: 'avatars', createDefaultStage: false });
    const integration = new HttpLambdaIntegration('Presign', presign, {
      payloadFormatVersion: PayloadFormatVersion.VERSION_2_0,
    });
    api.addRoutes({
      path: '/avatars/key_upload',
      methods: [HttpMethod.POST],
      integration,
      authorizer: new HttpLambdaAuthorizer('Authorizer', authorizer, {
        responseTypes: [HttpLambdaResponseType.SIMPLE],
        identitySource: ['$request.header.Authorization'],
        resultsCacheTtl: Duration.minutes(5),
      }),
    });
    api.addRoutes({
      path: '/{proxy+}',
      methods: [HttpMethod.OPTIONS],
      integration,
      authorizer: new HttpNoneAuthorizer(),
    });

    const logs = new LogGroup(this, 'AccessLogs', { retention: config.logDays as RetentionDays });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: 50, burstLimit: 100 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(logs),
        format: AccessLogFormat.custom(
          JSON.stringify({
            request: '$context.requestId',
            time: '$context.requestTime',
            route: '$context.routeKey',
            status: '$context.status',
            ip: '$context.identity.sourceIp',
            error: '$context.integrationErrorMessage',
          }),
        ),
      },
    });
    (stage.node.defaultChild as CfnStage).addPropertyOverride('DefaultRouteSettings.DetailedMetricsEnabled', true);
    this.url = api.apiEndpoint;
  }
}
