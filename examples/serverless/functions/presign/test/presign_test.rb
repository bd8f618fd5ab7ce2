# frozen_string_literal: true

require 'aws-sdk-s3'
require 'cgi'
require 'minitest/autorun'
require 'stringio'
require_relative '../presign'

class PresignTest < Minitest::Test
  ORIGIN = 'https://example.com'
  TOKEN = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ1c2VyLTEifQ.c2lnbmF0dXJl'

  def setup
    @log = StringIO.new
    client = Aws::S3::Client.new(region: 'ca-central-1', credentials: Aws::Credentials.new('AKIDEXAMPLE', 'secret'))
    @bucket = Aws::S3::Bucket.new('uploads.example.com', client: client)
    @handler = handler
  end

  def handler(**options)
    Presign::Handler.new(bucket: @bucket, origins: [ORIGIN, 'http://localhost:3000'], log: @log, **options)
  end

  def event(body: '{"extension":"jpg"}', method: 'POST', sub: 'user-1', origin: ORIGIN, **more)
    {
      'version' => '2.0',
      'headers' => { 'origin' => origin, 'authorization' => "Bearer #{TOKEN}" },
      'requestContext' => { 'http' => { 'method' => method }, 'authorizer' => { 'lambda' => { 'sub' => sub } } },
      'body' => body, 'isBase64Encoded' => false
    }.merge(more.transform_keys(&:to_s))
  end

  def call(event, handler = @handler)
    answer = handler.call(event)
    [answer['statusCode'], answer['body'] && JSON.parse(answer['body']), answer['headers']]
  end

  def test_a_url_for_five_minutes_that_binds_key_and_type
    status, body, = call(event)
    assert_equal 200, status
    assert_equal ['url'], body.keys
    url = URI(body['url'])
    query = CGI.parse(url.query).transform_values(&:first)
    assert_includes url.to_s, 'uploads.example.com'
    assert url.path.end_with?('/user-1.jpg')
    assert_equal '300', query['X-Amz-Expires']
    assert_equal 'content-type;host', query['X-Amz-SignedHeaders']
  end

  def test_the_folder_and_the_extension_make_the_key
    _, body, = call(event(body: '{"extension":".PNG"}'), handler(folder: '/raw/'))
    assert URI(body['url']).path.end_with?('/raw/user-1.png')
  end

  def test_a_form_has_its_length_bound
    status, body, = call(event(body: '{"extension":"webp","method":"POST"}'), handler(max_bytes: 1000))
    assert_equal 200, status
    policy = JSON.parse(Base64.decode64(body['fields']['policy']))
    assert_includes policy['conditions'], ['content-length-range', 1, 1000]
    assert_includes policy['conditions'], { 'key' => 'user-1.webp' }
    assert_includes policy['conditions'], { 'Content-Type' => 'image/webp' }
    assert_in_delta 300, Time.iso8601(policy['expiration']) - Time.now, 5
  end

  def test_extensions_off_the_list_are_refused
    %w[svg html jpg.html exe php ../x].push('', ' ').each do |extension|
      status, body, = call(event(body: JSON.generate(extension: extension)))
      assert_equal [415, 'EXTENSION'], [status, body['error']['code']], extension
    end
  end

  def test_bodies_that_are_no_wish_are_refused
    ['', 'text', '[]', '"jpg"', '{"extension":"jpg","method":"PATCH"}', nil].each do |text|
      status, body, = call(event(body: text))
      assert_equal [400, 'BAD_REQUEST'], [status, body['error']['code']], text.inspect
    end
    assert_equal 200, call(event(body: Base64.encode64('{"extension":"jpg"}'), isBase64Encoded: true))[0]
  end

  def test_the_subject_comes_from_the_authorizer_alone
    [nil, '', 'a/b', '..', "a\nb", 'ü', 1, { 'x' => 1 }].each do |sub|
      status, body, = call(event(sub: sub, body: '{"extension":"jpg","sub":"user-2"}'))
      assert_equal [401, 'UNAUTHORIZED'], [status, body['error']['code']], sub.inspect
    end
    without = event
    without['requestContext'].delete('authorizer')
    assert_equal 401, call(without)[0]
  end

  def test_a_preflight_is_answered_without_a_subject
    preflight = event(method: 'OPTIONS', body: nil)
    preflight['requestContext'].delete('authorizer')
    status, body, headers = call(preflight)
    assert_equal [204, nil], [status, body]
    assert_equal ORIGIN, headers['access-control-allow-origin']
    assert_equal 'OPTIONS,POST', headers['access-control-allow-methods']
    assert_equal 'authorization,content-type', headers['access-control-allow-headers']
  end

  def test_origins_come_from_the_configuration
    assert_equal 'http://localhost:3000', call(event(origin: 'http://localhost:3000'))[2]['access-control-allow-origin']
    ['https://evil.example', 'https://example.com.evil.example', nil, '*', 'null'].each do |origin|
      refute_includes call(event(origin: origin))[2], 'access-control-allow-origin'
    end
    assert_equal 'Origin', call(event(origin: nil))[2]['vary']
  end

  def test_other_methods_are_refused
    assert_equal 405, call(event(method: 'GET'))[0]
  end

  def test_nothing_of_a_token_is_logged
    call(event)
    call(event(sub: nil))
    call(event(body: "{\"extension\":\"#{TOKEN}\"}"))
    assert_equal 2, @log.string.lines.size
    refute_includes @log.string, 'eyJ'
    refute_includes @log.string, 'user-1'
  end
end
