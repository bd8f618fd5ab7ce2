// What the npm package `keenpix` has already; the build puts it into each entry.
export { badArgument, KeenpixError } from '../../bindings-node/lib/error.cjs';
export { callOptions, kind, planText } from '../../bindings-node/lib/options.cjs';
