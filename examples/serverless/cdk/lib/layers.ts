import { CfnOutput } from 'aws-cdk-lib';
import { Architecture, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Config } from './config.ts';

/** The layers built by `make layer`. process-image needs the first; the others are for your own functions. */
export class Layers extends Construct {
  readonly keenpix: LayerVersion;

  constructor(scope: Construct, id: string, paths: Config['layers']) {
    super(scope, id);
    this.keenpix = new LayerVersion(this, 'KeenpixNode', {
      code: Code.fromAsset(paths.node),
      description: 'keenpix for Node, with its native part',
      compatibleRuntimes: [Runtime.NODEJS_22_X, Runtime.NODEJS_24_X],
      compatibleArchitectures: [Architecture.X86_64],
    });
    if (paths.python) {
      const layer = new LayerVersion(this, 'KeenpixPython', {
        code: Code.fromAsset(paths.python),
        description: 'keenpix for Python, with its native part',
        compatibleRuntimes: [Runtime.PYTHON_3_12, Runtime.PYTHON_3_13],
        compatibleArchitectures: [Architecture.X86_64],
      });
      new CfnOutput(this, 'KeenpixPythonArn', { value: layer.layerVersionArn });
    }
    if (paths.ruby) {
      const layer = new LayerVersion(this, 'RubyJwt', {
        code: Code.fromAsset(paths.ruby),
        description: 'The gem jwt',
        compatibleRuntimes: [Runtime.RUBY_3_4],
      });
      new CfnOutput(this, 'RubyJwtArn', { value: layer.layerVersionArn });
    }
  }
}
