import { CfnOutput, RemovalPolicy } from 'aws-cdk-lib';
import { FeaturePlan, Mfa, StandardThreatProtectionMode, UserPool } from 'aws-cdk-lib/aws-cognito';
import { Construct } from 'constructs';
import type { Config } from './config.ts';

/** Who may sign in: the pool that the settings name, or a new one. */
export class Users extends Construct {
  readonly pool: string;
  readonly client: string;

  constructor(scope: Construct, id: string, config: Config) {
    super(scope, id);
    if (config.users) {
      this.pool = config.users.pool;
      this.client = config.users.client;
      return;
    }
    const pool = new UserPool(this, 'Pool', {
      signInAliases: { email: true },
      selfSignUpEnabled: true,
      passwordPolicy: {
        minLength: 12,
        requireLowercase: true,
        requireUppercase: true,
        requireDigits: true,
        requireSymbols: true,
      },
      mfa: Mfa.REQUIRED,
      mfaSecondFactor: { sms: false, otp: true },
      featurePlan: FeaturePlan.PLUS,
      standardThreatProtectionMode: StandardThreatProtectionMode.FULL_FUNCTION,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    this.pool = pool.userPoolId;
    this.client = pool.addClient('Page', { authFlows: { userSrp: true } }).userPoolClientId;
    new CfnOutput(this, 'PoolId', { value: this.pool });
    new CfnOutput(this, 'ClientId', { value: this.client });
  }
}
