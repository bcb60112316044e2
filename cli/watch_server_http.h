/* libmicrohttpd, which serves the page of hedon watch. Its functions are called by their names,
 * once watch_http_open has found them. */
#ifndef CLI_WATCH_SERVER_HTTP_H
#define CLI_WATCH_SERVER_HTTP_H

#include <microhttpd.h>

#include "loaded.h"

#define WATCH_HTTP(F)                                                                             \
  F(MHD_add_response_header)                                                                      \
  F(MHD_create_response_from_buffer) F(MHD_create_response_from_callback) F(MHD_destroy_response) \
      F(MHD_lookup_connection_value) F(MHD_queue_response) F(MHD_resume_connection)               \
          F(MHD_run_wait) F(MHD_start_daemon) F(MHD_stop_daemon) F(MHD_suspend_connection)

struct watch_http {
  WATCH_HTTP(LOADED_MEMBER)
};
extern struct watch_http watch_http;

/* Load the library, if that was not done. False: the reason has been printed. */
bool watch_http_open(void);

#define MHD_add_response_header watch_http.MHD_add_response_header
#define MHD_create_response_from_buffer watch_http.MHD_create_response_from_buffer
#define MHD_create_response_from_callback watch_http.MHD_create_response_from_callback
#define MHD_destroy_response watch_http.MHD_destroy_response
#define MHD_lookup_connection_value watch_http.MHD_lookup_connection_value
#define MHD_queue_response watch_http.MHD_queue_response
#define MHD_resume_connection watch_http.MHD_resume_connection
#define MHD_run_wait watch_http.MHD_run_wait
#define MHD_start_daemon watch_http.MHD_start_daemon
#define MHD_stop_daemon watch_http.MHD_stop_daemon
#define MHD_suspend_connection watch_http.MHD_suspend_connection

#endif
