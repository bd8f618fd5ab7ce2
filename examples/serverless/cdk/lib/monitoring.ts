import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

interface Props {
  email?: string;
  functions: Record<string, LambdaFunction>;
  deadLetters: Queue;
}

/**
 * An alarm wherever somebody must look: functions that fail or are throttled, unread dead letters. A user's file that
 * is no photo is none: it is in the queue of rejects.
 */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, { email, functions, deadLetters }: Props) {
    super(scope, id);
    const topic = new Topic(this, 'Alarms', { enforceSSL: true });
    if (email) topic.addSubscription(new EmailSubscription(email));

    const alarm = (name: string, metric: Metric, description: string) => {
      const made = new Alarm(this, name, {
        metric,
        alarmDescription: description,
        threshold: 0,
        evaluationPeriods: 1,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      });
      made.addAlarmAction(new SnsAction(topic));
    };
    const period = Duration.minutes(5);
    for (const [name, fn] of Object.entries(functions)) {
      alarm(`${name}Errors`, fn.metricErrors({ period }), `${name} failed`);
      alarm(`${name}Throttles`, fn.metricThrottles({ period }), `${name} was throttled`);
    }
    alarm(
      'DeadLetterDepth',
      deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
      'Events that no function could handle wait in the dead-letter queue: a wrong setting, or a fault that did not pass',
    );
  }
}
