// Runs a function in its Lambda runtime: serves the Runtime API to its process, and passes it one event after another.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';

/**
 * `invoke(event)` returns `{ answer }`, or `{ error }` as reported by the function: `{ errorType, errorMessage }`.
 */
export async function startFunction(command, { cwd, env, handler = 'index.handler' }) {
  let give, settle;
  const work = () => new Promise((next) => (give = next));
  let next = work();
  let count = 0;
  const api = createServer(async (request, response) => {
    if (request.method === 'GET') {
      const event = await next;
      next = work();
      const headers = {
        'lambda-runtime-aws-request-id': String(++count),
        'lambda-runtime-deadline-ms': String(Date.now() + 60_000),
      };
      headers['lambda-runtime-invoked-function-arn'] = 'arn:aws:lambda:us-east-1:123456789012:function:test';
      return response.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(event);
    }
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    response.writeHead(202).end();
    const { errorType, errorMessage } = body ?? {};
    settle?.(request.url.endsWith('/response') ? { answer: body } : { error: { errorType, errorMessage } });
  });
  api.listen(0, '127.0.0.1');
  await once(api, 'listening');
  const [program, ...rest] = command;
  const runtime = {
    AWS_LAMBDA_RUNTIME_API: `127.0.0.1:${api.address().port}`,
    _HANDLER: handler,
    LAMBDA_TASK_ROOT: cwd,
    AWS_LAMBDA_FUNCTION_NAME: 'test',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
    AWS_LAMBDA_FUNCTION_VERSION: '1',
  };
  const child = spawn(program, rest, {
    cwd,
    env: { PATH: process.env.PATH, ...runtime, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = [];
  child.stdout.on('data', (data) => said.push(String(data)));
  child.stderr.on('data', (data) => said.push(String(data)));
  const ended = once(child, 'exit');
  return {
    pid: child.pid,
    invoke: (event) =>
      Promise.race([
        new Promise((done) => {
          settle = done;
          give(JSON.stringify(event));
        }),
        ended.then(([code]) => Promise.reject(new Error(`the function ended with ${code}:\n${said.join('')}`))),
      ]),
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      api.closeAllConnections();
      api.close();
    },
  };
}
