import { CfnOutput } from 'aws-cdk-lib';
import { Architecture, Code, LayerVersion, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Config } from './config.ts';

/** The constructs' names of processors. */
export const ARCHITECTURES = { arm64: Architecture.ARM_64, x86_64: Architecture.X86_64 };

/** The layers built by `bin/avatar/build`. process-image needs the first; the others are for your own functions. */
export class Layers extends Construct {
  readonly keenpix: LayerVersion;

  constructor(scope: Construct, id: string, { layers: paths, architecture }: Config) {
    super(scope, id);
    const compatibleArchitectures = [ARCHITECTURES[architecture]];
    this.keenpix = new LayerVersion(this, 'KeenpixNode', {
      code: Code.fromAsset(paths.node),
      description: 'keenpix for Node, with its native part',
      compatibleRuntimes: [Runtime.NODEJS_22_X, Runtime.NODEJS_24_X],
      compatibleArchitectures,
    });
    if (paths.python) {
      const layer = new LayerVersion(this, 'KeenpixPython', {
        code: Code.fromAsset(paths.python),
        description: 'keenpix for Python, with its native part',
        compatibleRuntimes: [Runtime.PYTHON_3_12, Runtime.PYTHON_3_13],
        compatibleArchitectures,
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
