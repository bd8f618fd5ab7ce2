/* A C program that uses the library; program.rs runs it with the path of an image. */
#include "keenpix.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static unsigned char file[1 << 22];

int main(int count, char **arguments) {
  assert(count == 2);
  FILE *stream = fopen(arguments[1], "rb");
  assert(stream);
  size_t length = fread(file, 1, sizeof file, stream);
  fclose(stream);

  keenpix_output *output = NULL;
  keenpix_error *error = NULL;
  const char *plan = "{\"resize\": {\"width\": 20}, \"encode\": {\"format\": \"png\"}}";
  assert(keenpix_transform(file, length, plan, NULL, &output, &error) == 0);
  assert(output && !error);
  assert(keenpix_output_length(output) > 50);
  assert(memcmp(keenpix_output_data(output), "\x89PNG", 4) == 0);
  assert(strstr(keenpix_output_info(output), "\"width\":20"));
  assert(strstr(keenpix_output_info(output), "\"media_type\":\"image/png\""));
  keenpix_output_free(output);

  /* No plan: the same format again. */
  assert(keenpix_transform(file, length, NULL, NULL, &output, &error) == 0);
  keenpix_output_free(output);

  keenpix_limits limits = {.pixels = 100, .deadline_ms = 60000};
  assert(keenpix_transform(file, length, plan, &limits, &output, &error) == 1);
  assert(error && !output);
  assert(strcmp(keenpix_error_code(error), "LIMIT_PIXELS") == 0);
  assert(strstr(keenpix_error_message(error), "100 are allowed"));
  assert(strlen(keenpix_error_hint(error)) > 10);
  assert(!keenpix_error_retryable(error));
  assert(keenpix_error_http_status(error) == 413);
  assert(strcmp(keenpix_error_expected(error), "at most 100 pixels") == 0);
  assert(!keenpix_error_place(error) && !keenpix_error_format(error) && !keenpix_error_reason(error));
  keenpix_error_free(error);

  /* The fault in a plan is reported as facts. */
  assert(keenpix_transform(file, length, "{\"resize\": {\"width\": \"200\"}}", NULL, &output, &error) == 1);
  assert(strcmp(keenpix_error_place(error), "resize.width") == 0);
  assert(strcmp(keenpix_error_got(error), "the text \"200\"") == 0);
  assert(strncmp(keenpix_error_expected(error), "a whole number", 14) == 0);
  assert(strcmp(keenpix_error_reason(error), "wrong-type") == 0);
  keenpix_error_free(error);

  assert(keenpix_transform(file, 40, "{\"tolerate\": \"none\"}", NULL, &output, &error) == 1);
  assert(strcmp(keenpix_error_format(error), "png") == 0);
  keenpix_error_free(error);

  /* The last field is where the library expects it. */
  keenpix_limits scans = {
      .total_pixels = 48000000, .scans = 1, .frames = 1, .width = 5000, .height = 5000, .memory = 100000000};
  assert(keenpix_transform(file, length, plan, &scans, &output, NULL) == 0);
  keenpix_output_free(output);
  scans.total_pixels = 1;
  assert(keenpix_transform(file, length, plan, &scans, &output, &error) == 1);
  assert(strcmp(keenpix_error_code(error), "LIMIT_TOTAL_PIXELS") == 0);
  keenpix_error_free(error);
  scans.height = 1;
  assert(keenpix_transform(file, length, plan, &scans, &output, &error) == 1);
  assert(strcmp(keenpix_error_code(error), "LIMIT_HEIGHT") == 0);
  keenpix_error_free(error);

  char *info = NULL;
  assert(keenpix_probe(file, length, &info, &error) == 0);
  assert(info && !error && strstr(info, "\"format\":\"png\""));
  keenpix_string_free(info);
  assert(keenpix_probe(file, 0, &info, &error) == 1);
  assert(!info && strcmp(keenpix_error_code(error), "NOT_AN_IMAGE") == 0);
  keenpix_error_free(error);

  puts(keenpix_version());
  return 0;
}
