// What is known before a still is encoded. Included before every file of libaom's av1/.
//
// keenpix-avif-encode creates an encoder with AOM_USAGE_ALL_INTRA and gives it one 8-bit picture, in one pass, at its
// own size, in the calling thread. That is a key frame: nothing is predicted from another frame. libaom checks all of
// this at run time; with the answers given here, the compiler and the linker leave out the code for video.
//
// A file that defines one of these functions itself is compiled with IN_ and its name: see small.cmake.

#define STILLS

#include "config/aom_config.h"
#include "config/av1_rtcd.h"

#include "av1/common/av1_common_int.h"
#include "av1/common/blockd.h"
#include "av1/common/reconinter.h"
#include "av1/common/resize.h"
#include "av1/common/scale.h"
#include "av1/common/warped_motion.h"
#include "av1/encoder/encoder.h"
#include "av1/encoder/encoder_utils.h"
#include "av1/encoder/global_motion.h"
#include "av1/encoder/mcomp.h"
#include "av1/encoder/reconinter_enc.h"
#include "av1/encoder/temporal_filter.h"
#include "av1/encoder/tpl_model.h"
#include "common/args_helper.h"

#define frame_is_intra_only(cm) 1
#define frame_is_sframe(cm) 0
// Blocks that copy from their own frame (drawings and screenshots have them) are treated like those of video.
#define is_inter_block(mbmi) is_intrabc_block(mbmi)
#define has_second_ref(mbmi) 0
#define is_interintra_pred(mbmi) 0

// One pass, without statistics.
#define has_no_stats_stage(cpi) 1
#define is_stat_generation_stage(cpi) 0
#define is_stat_consumption_stage(cpi) 0
#define is_stat_consumption_stage_twopass(cpi) 0
#define is_one_pass_rt_params(cpi) 0
#define use_rtc_reference_structure_one_layer(cpi) 0

// Nothing is scaled.
#define av1_is_scaled(sf) 0
#define av1_superres_scaled(cm) 0
#define av1_resize_scaled(cm) 0
#define av1_frame_scaled(cm) 0
#define is_frame_resize_pending(cpi) 0
#ifdef IN_superres_scale
#undef av1_fwd_txfm2d_16x4
#define av1_fwd_txfm2d_16x4(...) ((void)0)
#endif
#ifndef IN_resize
#define av1_realloc_and_scale_if_required(cm, unscaled, ...) (unscaled)
#endif

// Filtering across frames, and the weight of a frame for the next ones: g_lag_in_frames is 0, which turns both off.
#ifndef IN_temporal_filter
#define av1_is_temporal_filter_on(oxcf) 0
#define av1_tf_info_filtering(...) ((void)0)
#endif
#ifndef IN_tpl_model
#define av1_tpl_setup_stats(...) 0
#define av1_tpl_preload_rc_estimate(...) ((void)0)
#define av1_tpl_stats_ready(...) 0
#endif

// Motion: of the camera, of neighbouring blocks, and between two frames.
#define aom_compute_global_motion(...) 0
#ifndef IN_global_motion
#define av1_refine_integerized_param(...) 0
#endif
#ifndef IN_warped_motion
#define av1_warp_plane(...) ((void)0)
#endif
#ifndef IN_reconinter
#define av1_make_masked_inter_predictor(...) ((void)0)
#define av1_build_interintra_predictor(...) ((void)0)
#define av1_init_wedge_masks() ((void)0)
#endif
#ifndef IN_reconinter_enc
#define av1_build_obmc_inter_predictors_sb(...) ((void)0)
#endif

// Blocks that copy from their own frame move by whole samples, or by half samples in the chroma. These have two taps
// and functions of their own; the functions here are for more taps.
#undef av1_convolve_2d_sr
#undef av1_convolve_x_sr
#undef av1_convolve_y_sr
#undef av1_convolve_2d_scale
#undef av1_dist_wtd_convolve_2d
#undef av1_dist_wtd_convolve_2d_copy
#undef av1_dist_wtd_convolve_x
#undef av1_dist_wtd_convolve_y
#define av1_convolve_2d_sr(...) ((void)0)
#define av1_convolve_x_sr(...) ((void)0)
#define av1_convolve_y_sr(...) ((void)0)
#define av1_convolve_2d_scale(...) ((void)0)
#define av1_dist_wtd_convolve_2d(...) ((void)0)
#define av1_dist_wtd_convolve_2d_copy(...) ((void)0)
#define av1_dist_wtd_convolve_x(...) ((void)0)
#define av1_dist_wtd_convolve_y(...) ((void)0)

// A table of subpixel searches.
#ifdef IN_speed_features
#define av1_find_best_sub_pixel_tree 0
#define av1_find_best_sub_pixel_tree_pruned 0
#define av1_find_best_sub_pixel_tree_pruned_more 0
#endif

// No film grain is requested, so this would only clear a struct that is already clear.
#ifndef IN_encoder_utils
#define av1_update_film_grain_parameters(cpi, oxcf) ((void)0)
#endif

// Options by name (aom_codec_set_option): there are none, because options are set by number.
#ifndef IN_args_helper
#define arg_match_helper(...) 0
#endif
