# frozen_string_literal: true

# Runs a Ruby function as Lambda's Ruby runtime does: asks the Runtime API for an event, calls the handler and posts
# what it returns. _HANDLER is "file.method"; LAMBDA_TASK_ROOT is the folder of the file.

require 'json'
require 'net/http'

$stdout.sync = true
# The local stack holds the other end of standard input: when it is gone, this process ends too.
Thread.new { $stdin.read && exit!(0) }
api = Net::HTTP.new(*ENV.fetch('AWS_LAMBDA_RUNTIME_API').split(':'))
api.read_timeout = nil
base = '/2018-06-01/runtime'
post = ->(path, value) { api.post("#{base}/#{path}", JSON.generate(value), 'Content-Type' => 'application/json') }
report = lambda do |error|
  { errorType: error.class.name, errorMessage: error.message, stackTrace: error.backtrace.to_a.first(20) }
end

begin
  file, name = ENV.fetch('_HANDLER').split('.')
  require File.join(ENV.fetch('LAMBDA_TASK_ROOT'), file)
  handler = method(name)
rescue ScriptError, StandardError => e
  post.call('init/error', report.call(e))
  exit 1
end

context = Struct.new(:aws_request_id, :deadline_ms) do
  def get_remaining_time_in_millis
    deadline_ms - (Process.clock_gettime(Process::CLOCK_REALTIME) * 1000).to_i
  end
end

loop do
  work = api.get("#{base}/invocation/next")
  exit if work.code != '200'
  id = work['lambda-runtime-aws-request-id']
  begin
    deadline = work['lambda-runtime-deadline-ms'].to_i
    result = handler.call(event: JSON.parse(work.body), context: context.new(id, deadline))
    post.call("invocation/#{id}/response", result)
  rescue StandardError => e
    post.call("invocation/#{id}/error", report.call(e))
  end
end
