/* keenpix: image bytes and a plan in, right-sized image bytes out.
 *
 * Generated from the source; update it with: KEENPIX_WRITE_HEADER=1 cargo test -p keenpix-c --test header
 */
#ifndef KEENPIX_H
#define KEENPIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What one call may use; a field of 0 means the default. */
typedef struct keenpix_limits {
  /* Maximum pixels in a frame of the input, and of each output. Default: 268,402,689. */
  uint64_t pixels;
  /* Maximum bytes of input. Default: 512 MiB. */
  uint64_t input_bytes;
  /* Maximum bytes for pixels and tables, for all stages together. Default: 512 MB. */
  uint64_t memory;
  /* Time limit for the call, in milliseconds. Default: none. */
  uint64_t deadline_ms;
  /* Maximum width of the input and of each output. Default: 65,535. */
  uint32_t width;
  /* Maximum height of the input and of each output. Default: 65,535. */
  uint32_t height;
  /* Maximum frames decoded from an animation. Default: 1,000. */
  uint32_t frames;
  /* Maximum scans of a JPEG. Default: 100. */
  uint32_t scans;
  /* Maximum pixels decoded, over all frames and passes. Default: 2,000,000,000. */
  uint64_t total_pixels;
} keenpix_limits;

/* A finished image. */
typedef struct keenpix_output keenpix_output;

/* Why a call failed. */
typedef struct keenpix_error keenpix_error;

/* The file's bytes; null for null. They live as long as the output. */
const uint8_t *keenpix_output_data(const keenpix_output *output);

/* The size of the file in bytes; 0 for null. */
size_t keenpix_output_length(const keenpix_output *output);

/* Facts about the image, as JSON: format, media_type, extension, width, height, frames, channels, alpha, warnings
 * and more; null for null. It lives as long as the output. */
const char *keenpix_output_info(const keenpix_output *output);

/* Frees an output. Null is ignored. */
void keenpix_output_free(keenpix_output *output);

/* A stable name for the kind of error, such as NOT_AN_IMAGE; null for null. It lives as long as the error, as do the
 * other strings. */
const char *keenpix_error_code(const keenpix_error *error);

/* What was expected and what was given, with the numbers; null for null. */
const char *keenpix_error_message(const keenpix_error *error);

/* What can be done about it, in a sentence; null for null. */
const char *keenpix_error_hint(const keenpix_error *error);

/* Whether the same call may succeed later, with the same bytes and the same plan. */
bool keenpix_error_retryable(const keenpix_error *error);

/* The HTTP status for a response that passes the error on; 0 for null. */
uint16_t keenpix_error_http_status(const keenpix_error *error);

/* The format that was being read or written, such as jpeg; null if none. */
const char *keenpix_error_format(const keenpix_error *error);

/* Where in the plan the fault is, such as effects[0].sigma; null if nowhere in particular. */
const char *keenpix_error_place(const keenpix_error *error);

/* What would have been accepted, such as 0.3 to 1000; null if unknown. */
const char *keenpix_error_expected(const keenpix_error *error);

/* What was given instead, shortened if it is long; null if unknown. */
const char *keenpix_error_got(const keenpix_error *error);

/* A stable word for what exactly is wrong, such as crop-outside; null if the code says it all. */
const char *keenpix_error_reason(const keenpix_error *error);

/* Frees an error. Null is ignored. */
void keenpix_error_free(keenpix_error *error);

/* Turns one image into another. `bytes` is a file of `length` bytes; `plan` says what to make of it, as JSON (null:
 * {}); `limits` what the call may use (null: the defaults). Returns 0 and sets `*output`, or 1 and sets `*error`;
 * the other is set to null. `error` may be null. Free them with keenpix_output_free and keenpix_error_free.
 * Thread-safe. */
int32_t keenpix_transform(const uint8_t *bytes, size_t length, const char *plan, const keenpix_limits *limits, keenpix_output **output, keenpix_error **error);

/* Reads an image's header; no pixels are decoded. Returns 0 and sets `*info` to JSON (freed by keenpix_string_free),
 * or returns 1 and sets `*error`, as keenpix_transform does. */
int32_t keenpix_probe(const uint8_t *bytes, size_t length, char **info, keenpix_error **error);

/* Frees a string that keenpix_probe has set. Null is ignored. */
void keenpix_string_free(char *text);

/* The library's version, such as 0.1.0. It is never freed. */
const char *keenpix_version(void);

#ifdef __cplusplus
}
#endif

#endif
