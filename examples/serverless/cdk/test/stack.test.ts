import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { parse } from 'dotenv';
import { build } from '../lib/app.ts';
import { type Config, readConfig } from '../lib/config.ts';
import { exceptions } from '../lib/exceptions.ts';
import { writeLayer } from './layer.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const context = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8')).context;
const example = parse(readFileSync(join(root, '.env.example')));

const STABLE = { KEY_TEMPLATE: '{folder}/{name}.{format}' };

let folder: string;
let config: Config;
let template: Template;
/** With names that stay the same, as in the original project. */
let stable: Template;
let certificates: Template;

before(() => {
  folder = mkdtempSync(join(tmpdir(), 'cdk-'));
  writeLayer(join(folder, 'layers'));
  for (const layer of ['keenpix-python', 'ruby-jwt']) {
    mkdirSync(join(folder, 'layers', layer), { recursive: true });
    writeFileSync(join(folder, 'layers', layer, 'content'), layer);
  }
  config = settings();
  const app = new App({ outdir: join(folder, 'out'), context });
  const stacks = build(app, config);
  app.synth();
  template = Template.fromStack(stacks.stack);
  certificates = Template.fromStack(stacks.certificates);
  stable = Template.fromStack(build(new App({ context }), settings(STABLE)).stack);
});
after(() => rmSync(folder, { recursive: true, force: true }));

function settings(more: Record<string, string> = {}) {
  return readConfig({ ...example, LAYERS_PATH: join(folder, 'layers'), ...more }, root);
}

type Resource = { Type: string; Properties: Record<string, any>; DependsOn?: string[] };
const all = (type: string, from = template): [string, Resource][] =>
  Object.entries(from.findResources(type)) as [string, Resource][];
const one = (
  type: string,
  where: (resource: Resource, id: string) => boolean = () => true,
  from = template,
): [string, Resource] => {
  const found = all(type, from).filter(([id, resource]) => where(resource, id));
  assert.equal(found.length, 1, `one ${type}, found ${found.map(([id]) => id)}`);
  return found[0]!;
};
const refersTo = (value: unknown, id: string) => JSON.stringify(value).includes(`"${id}"`);

function routeTo(key: string) {
  const [, route] = one('AWS::ApiGatewayV2::Route', ({ Properties }) => Properties.RouteKey === key);
  const [, integration] = one('AWS::ApiGatewayV2::Integration', (_, id) => refersTo(route.Properties.Target, id));
  const [, fn] = one('AWS::Lambda::Function', (_, id) => refersTo(integration.Properties.IntegrationUri, id));
  return { route: route.Properties, integration: integration.Properties, fn: fn.Properties };
}

test('POST /avatars/key_upload: proxied to the Ruby function, behind the authorizer', () => {
  const { route, integration, fn } = routeTo('POST /avatars/key_upload');
  assert.equal(integration.IntegrationType, 'AWS_PROXY');
  assert.equal(integration.PayloadFormatVersion, '2.0');
  assert.equal(route.AuthorizationType, 'CUSTOM');
  assert.match(fn.Runtime, /^ruby3\.4/);
  const [uploads] = one('AWS::S3::Bucket', ({ Properties }) => Properties.BucketName === config.uploads);
  assert.ok(refersTo(fn.Environment.Variables.UPLOADS_BUCKET_NAME, uploads));
  template.hasResourceProperties('AWS::ApiGatewayV2::Authorizer', {
    AuthorizerType: 'REQUEST',
    AuthorizerPayloadFormatVersion: '2.0',
    EnableSimpleResponses: true,
    IdentitySource: ['$request.header.Authorization'],
  });
});

test('OPTIONS /{proxy+}: proxied to the same function, without an authorizer', () => {
  const { route, integration, fn } = routeTo('OPTIONS /{proxy+}');
  assert.equal(integration.IntegrationType, 'AWS_PROXY');
  assert.equal(route.AuthorizationType, 'NONE');
  assert.deepEqual(fn, routeTo('POST /avatars/key_upload').fn);
});

test("the raw bucket's first notification: ObjectCreated:Put to the Node function that writes to assets.<domain>", () => {
  const [uploads] = one('AWS::S3::Bucket', ({ Properties }) => Properties.BucketName === config.uploads);
  const [, { Properties }] = one('Custom::S3BucketNotifications', (resource) =>
    refersTo(resource.Properties.BucketName, uploads),
  );
  const [first, ...others] = Properties.NotificationConfiguration.LambdaFunctionConfigurations;
  assert.deepEqual(first.Events, ['s3:ObjectCreated:Put']);
  const [, fn] = one('AWS::Lambda::Function', (_, id) => refersTo(first.LambdaFunctionArn, id));
  assert.match(fn.Properties.Runtime, /^nodejs/);
  const [assets, bucket] = one(
    'AWS::S3::Bucket',
    (resource) => resource.Properties.BucketName === `assets.${config.domain}`,
  );
  assert.equal(bucket.Properties.BucketName, config.assets);
  assert.ok(refersTo(fn.Properties.Environment.Variables.DEST_BUCKET_NAME, assets));
  assert.equal(fn.Properties.Environment.Variables.FOLDER_OUTPUT, 'avatars');
  assert.deepEqual(
    others.flatMap(({ Events }: { Events: string[] }) => Events),
    ['s3:ObjectCreated:Post', 's3:ObjectCreated:CompleteMultipartUpload', 's3:ObjectRemoved:*'],
  );
});

test('every bucket blocks public access on all four, refuses plain HTTP and is encrypted', () => {
  const buckets = all('AWS::S3::Bucket');
  assert.equal(buckets.length, 3);
  for (const [id, { Properties }] of buckets) {
    assert.deepEqual(
      Properties.PublicAccessBlockConfiguration,
      { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true },
      id,
    );
    assert.ok(Properties.BucketEncryption, id);
    const [, policy] = one('AWS::S3::BucketPolicy', (resource) => refersTo(resource.Properties.Bucket, id));
    assert.ok(
      policy.Properties.PolicyDocument.Statement.some(
        (s: any) => s.Effect === 'Deny' && s.Condition?.Bool?.['aws:SecureTransport'] === 'false',
      ),
      id,
    );
  }
});

test('one distribution: alias and origin of the assets, by Origin Access Control, over HTTPS, with the three managed policies', () => {
  const [id, { Properties }] = one('AWS::CloudFront::Distribution');
  const { Aliases, Origins, DefaultCacheBehavior, ViewerCertificate } = Properties.DistributionConfig;
  assert.deepEqual(Aliases, [`assets.${config.domain}`]);
  assert.equal(Origins.length, 1);
  assert.ok(Origins[0].DomainName.startsWith(`assets.${config.domain}.s3`), Origins[0].DomainName);
  assert.ok(Origins[0].OriginAccessControlId);
  assert.equal(DefaultCacheBehavior.ViewerProtocolPolicy, 'redirect-to-https');
  assert.equal(DefaultCacheBehavior.CachePolicyId, '658327ea-f89d-4fab-a63d-7e88639e58f6');
  assert.equal(DefaultCacheBehavior.OriginRequestPolicyId, '59781a5b-3903-41f3-afcb-af62929ccde1');
  assert.equal(DefaultCacheBehavior.ResponseHeadersPolicyId, '60669652-455b-4ae9-85a4-c4c02393f86c');
  assert.equal(ViewerCertificate.MinimumProtocolVersion, 'TLSv1.2_2021');
  for (const type of ['A', 'AAAA']) {
    const [, record] = one('AWS::Route53::RecordSet', (resource) => resource.Properties.Type === type);
    assert.equal(record.Properties.Name, `assets.${config.domain}.`);
    assert.ok(refersTo(record.Properties.AliasTarget.DNSName, id));
  }
});

test('the certificate is in us-east-1, for the name of the assets', () => {
  certificates.hasResourceProperties('AWS::CertificateManager::Certificate', {
    DomainName: config.assets,
    ValidationMethod: 'DNS',
  });
});

test('by default nothing is invalidated, and the assets bucket feeds the webhook', () => {
  const [, fn] = one('AWS::Lambda::Function', ({ Properties }) => Properties.Environment?.Variables?.DEST_BUCKET_NAME);
  assert.equal(fn.Properties.Environment.Variables.KEY_TEMPLATE, '{folder}/{name}/{hash}-{width}.{format}');
  assert.equal(fn.Properties.Environment.Variables.WRITE_STATUS, 'true');
  const [, { Properties }] = one('AWS::SNS::Subscription');
  assert.deepEqual([Properties.Protocol, Properties.Endpoint], ['https', config.webhook]);
  assert.ok(!JSON.stringify(template.toJSON()).includes('CreateInvalidation'));
});

test('with names that stay, the topic feeds the webhook, and the invalidation once for each avatar', () => {
  const [topic] = one('AWS::SNS::Topic', ({ Properties }) => Properties.TopicName === config.topic, stable);
  const [assets] = one('AWS::S3::Bucket', ({ Properties }) => Properties.BucketName === config.assets, stable);
  const [, notifications] = one(
    'Custom::S3BucketNotifications',
    (resource) => refersTo(resource.Properties.BucketName, assets),
    stable,
  );
  for (const each of notifications.Properties.NotificationConfiguration.TopicConfigurations) {
    assert.ok(refersTo(each.TopicArn, topic));
    assert.deepEqual(each.Filter.Key.FilterRules, [{ Name: 'prefix', Value: 'avatars/' }]);
  }
  stable.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'https',
    Endpoint: config.webhook,
    TopicArn: { Ref: topic },
  });
  const [, subscription] = one('AWS::SNS::Subscription', ({ Properties }) => Properties.Protocol === 'lambda', stable);
  assert.equal(subscription.Properties.FilterPolicyScope, 'MessageBody');
  assert.deepEqual(subscription.Properties.FilterPolicy, {
    Records: { s3: { object: { key: [{ suffix: '.json' }] } } },
  });
  const [, fn] = one('AWS::Lambda::Function', (_, id) => refersTo(subscription.Properties.Endpoint, id), stable);
  assert.ok(fn.Properties.Environment.Variables.DISTRIBUTION_ID);
  const [, { Properties }] = one('AWS::IAM::Policy', (_, id) => id.includes('InvalidateRole'), stable);
  const actions = Properties.PolicyDocument.Statement.flatMap(({ Action }: any) => Action);
  for (const action of ['cloudfront:CreateInvalidation', 's3:GetObject', 's3:ListBucket'])
    assert.ok(actions.includes(action), action);
});

test('process-image has memory, time, its layer, and somewhere to put what fails', () => {
  const [, fn] = one('AWS::Lambda::Function', ({ Properties }) => Properties.Environment?.Variables?.DEST_BUCKET_NAME);
  assert.ok(fn.Properties.MemorySize >= 512 && fn.Properties.Timeout >= 20);
  assert.equal(fn.Properties.Layers.length, 1);
  const [queue] = one('AWS::SQS::Queue', (_, id) => id.includes('DeadLetters'));
  const [rejects] = one('AWS::SQS::Queue', (_, id) => id.includes('Rejects'));
  assert.ok(refersTo(fn.Properties.DeadLetterConfig.TargetArn, queue));
  // Users' mistakes are not the operators': no alarm looks at this one.
  assert.ok(refersTo(fn.Properties.Environment.Variables.REJECTS_QUEUE_URL, rejects));
  for (const [, { Properties }] of all('AWS::SQS::Queue')) assert.equal(Properties.MessageRetentionPeriod, 14 * 86400);
  for (const [, { Properties }] of all('AWS::CloudWatch::Alarm')) assert.ok(!refersTo(Properties.Dimensions, rejects));
});

test('arm64 for every function and layer of ours, or what ARCHITECTURE says', () => {
  const processors = (from: Template) => {
    const layers = Object.values(from.findResources('AWS::Lambda::LayerVersion'));
    const functions = Object.entries(from.findResources('AWS::Lambda::Function')).filter(
      ([id]) => !/^(BucketNotificationsHandler|Custom)/.test(id),
    );
    return [
      ...layers.flatMap(({ Properties }) => Properties.CompatibleArchitectures ?? []),
      ...functions.flatMap(([, { Properties }]) => Properties.Architectures),
    ];
  };
  assert.deepEqual(processors(template), Array(5).fill('arm64'));
  const layers = join(folder, 'x86');
  writeLayer(layers, 'x86_64');
  const app = new App({ context });
  const other = build(app, settings({ ARCHITECTURE: 'x86_64', LAYERS_PATH: layers }));
  assert.deepEqual(processors(Template.fromStack(other.stack)), Array(4).fill('x86_64'));
});

test("a layer that Lambda can't load is refused at synth", () => {
  const layers = join(folder, 'wrong');
  writeLayer(layers, 'x86_64');
  assert.throws(
    () => settings({ LAYERS_PATH: layers }),
    /no binary for arm64: run ARCHITECTURE=arm64 bin.avatar.build/,
  );
  writeLayer(layers, 'arm64', '2.35');
  assert.throws(() => settings({ LAYERS_PATH: layers }), /needs glibc 2\.35, where 2\.34 is promised/);
  writeLayer(layers, 'arm64', '2.34');
  assert.equal(settings({ LAYERS_PATH: layers }).architecture, 'arm64');
  assert.throws(() => settings({ ARCHITECTURE: 'riscv' }), /ARCHITECTURE has to be arm64 or x86_64/);
});

test('least privilege: what each role may do on which bucket, and no managed policy but for the helpers of CDK', () => {
  const rights = (part: string) => {
    const [, policy] = one('AWS::IAM::Policy', (_, id) => id.includes(part));
    return policy.Properties.PolicyDocument.Statement.filter((s: any) => JSON.stringify(s.Action).includes('s3:')).map(
      (s: any) => [[s.Action].flat().join(), JSON.stringify(s.Resource)],
    );
  };
  const arn = (name: string, rest: string) => JSON.stringify(`arn:aws:s3:::${name}${rest}`);
  const plain = (text: string) =>
    text
      .replaceAll(
        /\{"Fn::Join":\["",\["arn:","aws|\{"Fn::Join":\["",\["arn:",\{"Ref":"AWS::Partition"\},"/g,
        '"arn:aws',
      )
      .replaceAll('"]]}', '"');
  assert.deepEqual(
    rights('PresignRole').map(([actions, on]: string[]) => [actions, plain(on!)]),
    [['s3:PutObject', arn(config.uploads, '/*')]],
  );
  const processing = rights('ProcessImageRole').map(([actions, on]: string[]) => [actions, plain(on!)]);
  assert.deepEqual(
    processing.find(([actions]: string[]) => actions!.includes('GetObjectVersion')),
    ['s3:GetObject,s3:GetObjectVersion', arn(config.uploads, '/*')],
  );
  assert.deepEqual(
    processing.find(([actions]: string[]) => actions!.includes('PutObject')),
    ['s3:DeleteObject,s3:GetObject,s3:PutObject', arn(config.assets, '/avatars/*')],
  );
  // On the whole buckets, for a HEAD of a missing object: S3 answers 404 to those who may list the bucket and 403 to
  // others, and a HEAD has no prefix for a condition to check.
  const policy = one('AWS::IAM::Policy', (_, id) => id.includes('ProcessImageRole'))[1].Properties.PolicyDocument
    .Statement;
  const [list, ...more] = policy.filter((s: any) => [s.Action].flat().includes('s3:ListBucket'));
  assert.deepEqual(
    [list.Action, list.Effect, list.Condition, list.Resource.length, more.length],
    ['s3:ListBucket', 'Allow', undefined, 2, 0],
  );
  for (const name of [config.uploads, config.assets]) {
    const [bucket] = one('AWS::S3::Bucket', ({ Properties }) => Properties.BucketName === name);
    assert.ok(
      list.Resource.some((each: any) => refersTo(each, bucket) || JSON.stringify(each).endsWith(`${name}"]]}`)),
      name,
    );
  }
  assert.equal(processing.length, 3);
  // Reports go only to the queue of rejects, failed events to the dead letters.
  const queues = all('AWS::SQS::Queue').map(([id]) => id);
  const sends = policy.filter((s: any) => JSON.stringify(s.Action).includes('sqs:'));
  assert.ok(sends.length > 0);
  for (const { Action, Resource } of sends) {
    assert.ok(
      [Action]
        .flat()
        .every((action: string) => ['sqs:SendMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl'].includes(action)),
      JSON.stringify(Action),
    );
    assert.ok([Resource].flat().every((each: any) => queues.some((id) => refersTo(each, id))));
  }
  assert.deepEqual(rights('AuthorizerRole'), []);
  const managed = all('AWS::IAM::Role').filter(
    ([id, { Properties }]) =>
      Properties.ManagedPolicyArns && !/^(BucketNotificationsHandler|CustomCrossRegion)/.test(id),
  );
  assert.deepEqual(
    managed.map(([id]) => id),
    [],
  );
});

test('browsers may put and post from the allowed origins only', () => {
  const [, { Properties }] = one('AWS::S3::Bucket', (resource) => resource.Properties.BucketName === config.uploads);
  assert.deepEqual(Properties.CorsConfiguration.CorsRules, [
    {
      AllowedHeaders: ['content-type'],
      AllowedMethods: ['PUT', 'POST'],
      AllowedOrigins: config.origins,
      ExposedHeaders: ['ETag'],
      MaxAge: 3600,
    },
  ]);
  const { fn } = routeTo('OPTIONS /{proxy+}');
  assert.equal(fn.Environment.Variables.ALLOWED_ORIGINS, config.origins.join());
});

test('the API is throttled and logged', () => {
  template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
    StageName: '$default',
    DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 },
    AccessLogSettings: Match.objectLike({ DestinationArn: Match.anyValue() }),
  });
});

test('every function of ours is traced, keeps its logs for a month, and has alarms; so has the dead-letter queue', () => {
  const functions = all('AWS::Lambda::Function').filter(([id]) => !/^(BucketNotificationsHandler|Custom)/.test(id));
  assert.equal(functions.length, 3);
  const alarms = all('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  for (const [id, { Properties }] of functions) {
    assert.deepEqual(Properties.TracingConfig, { Mode: 'Active' }, id);
    const [, logs] = one('AWS::Logs::LogGroup', (_, group) => refersTo(Properties.LoggingConfig.LogGroup, group));
    assert.equal(logs.Properties.RetentionInDays, 30);
    for (const metric of ['Errors', 'Throttles'])
      assert.ok(
        alarms.some((a) => a.MetricName === metric && refersTo(a.Dimensions, id)),
        `${metric} of ${id}`,
      );
  }
  const depth = alarms.find((a) => a.MetricName === 'ApproximateNumberOfMessagesVisible');
  assert.equal(depth?.Threshold, 0);
  for (const a of alarms) assert.equal(a.AlarmActions.length, 1);
});

for (const [what, more] of Object.entries<Record<string, string>>({
  'as in the example': {},
  'with names that stay': STABLE,
  'with the two variables alone': Object.fromEntries(
    Object.keys(example).flatMap((name) => (['DOMAIN_NAME', 'UPLOADS_BUCKET_NAME'].includes(name) ? [] : [[name, '']])),
  ),
})) {
  test(`cdk-nag finds nothing with the exceptions, and nothing else than them without: ${what}`, () => {
    const found = [true, false].map((withExceptions) => {
      const outdir = join(folder, `${what} ${withExceptions}`);
      const app = new App({ outdir, context });
      build(app, settings(more), { withExceptions });
      try {
        app.synth();
      } catch (error) {
        // Expected without: the findings are in the report.
        if (withExceptions) throw error;
      }
      return findings(outdir);
    });
    const allowed = exceptions(settings(more)).map(({ id }) => id.replace(/\[.*/, ''));
    assert.deepEqual(found, [[], [...new Set(allowed)].sort()]);
  });
}

test('two variables are enough: the rest is made, or has a default', () => {
  const env = {
    DOMAIN_NAME: 'example.com',
    UPLOADS_BUCKET_NAME: 'uploads.example.com',
    LAYERS_PATH: join(folder, 'layers'),
  };
  const stacks = build(new App({ context }), readConfig(env, root));
  const made = Template.fromStack(stacks.stack);
  made.resourceCountIs('AWS::Cognito::UserPool', 1);
  made.resourceCountIs('AWS::Cognito::UserPoolClient', 1);
  made.resourceCountIs('AWS::SNS::Subscription', 0);
  const [, { Properties }] = one('AWS::CloudFront::Distribution', () => true, made);
  assert.deepEqual(Properties.DistributionConfig.Aliases, ['assets.example.com']);
  Template.fromStack(stacks.certificates).resourceCountIs('AWS::Route53::HostedZone', 1);
});

test('settings reach the function, from the environment or from the context', () => {
  const env = { ...example, LAYERS_PATH: join(folder, 'layers'), PROCESS_WIDTH: '400', EXTRA_WIDTHS: '' };
  const given: Record<string, unknown> = {
    PROCESS_FORMAT: 'webp,avif,jpeg',
    MEMORY_MB: 512,
    PROCESS_WIDTH: '9',
    LOG_DAYS: '7',
  };
  const read = readConfig(env, root, (name) => given[name]);
  assert.deepEqual(
    [read.process.PROCESS_WIDTH, read.process.EXTRA_WIDTHS, read.process.PROCESS_FORMAT, read.memory, read.logDays],
    ['400', '', 'webp,avif,jpeg', 512, 7],
  );
  const [, fn] = one(
    'AWS::Lambda::Function',
    ({ Properties }) => Properties.Environment?.Variables?.DEST_BUCKET_NAME,
    Template.fromStack(build(new App({ context }), read).stack),
  );
  assert.equal(fn.Properties.MemorySize, 512);
  assert.equal(fn.Properties.Environment.Variables.PROCESS_FORMAT, 'webp,avif,jpeg');
  assert.throws(() => settings({ PROCESS_FORMAT: 'webp,tiff' }), /PROCESS_FORMAT has to be of jpeg, png, webp, avif/);
  assert.throws(() => settings({ MEMORY_MB: '64' }), /MEMORY_MB/);
});

test('an assets bucket that exists is used as it is', () => {
  const made = Template.fromStack(build(new App({ context }), settings({ ASSETS_BUCKET_EXISTS: 'true' })).stack);
  const names = all('AWS::S3::Bucket', made).map(([, { Properties }]) => Properties.BucketName);
  assert.deepEqual(names.filter(Boolean), [config.uploads]);
});

test('originals expire, their avatars do not', () => {
  const [, { Properties }] = one('AWS::S3::Bucket', (each) => each.Properties.BucketName === config.uploads);
  const [rule] = Properties.LifecycleConfiguration.Rules;
  assert.deepEqual([rule.ExpirationInDays, rule.Status], [30, 'Enabled']);
  const events = all('Custom::S3BucketNotifications').map(([, each]) => JSON.stringify(each.Properties));
  assert.ok(!events.join().includes('LifecycleExpiration'));
});

/** The rules that are broken and not acknowledged. */
function findings(outdir: string) {
  const { pluginReports } = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  const names = JSON.stringify(pluginReports).match(/AwsSolutions-[A-Z]+[0-9]+/g) ?? [];
  return [...new Set(names)].sort();
}

test('a configuration that can not work is refused before anything is made', () => {
  assert.throws(() => settings({ UPLOADS_BUCKET_NAME: config.assets }), /differ/);
  assert.throws(() => settings({ ASSETS_BUCKET_NAME: 'other.example.com' }), /has to be assets\.example\.com/);
  assert.throws(() => settings({ ALLOWED_ORIGINS: '*' }), /name origins/);
  assert.throws(() => settings({ DOMAIN_NAME: '' }), /DOMAIN_NAME is not set/);
  assert.throws(() => settings({ LAYERS_PATH: '/nowhere' }), /bin\/avatar\/build/);
});
