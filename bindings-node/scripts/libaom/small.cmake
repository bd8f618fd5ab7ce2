# The files of libaom that are built for size. cmake reads this after libaom's project().

# Plain C versions of kernels that every processor of the last 15 years runs with SIMD. -O2 unrolls them into 2 MB.
set(TWINS
    aom_dsp/aom_convolve.c aom_dsp/avg.c aom_dsp/blend_a64_hmask.c aom_dsp/blend_a64_mask.c aom_dsp/blend_a64_vmask.c
    aom_dsp/blk_sse_sum.c aom_dsp/fft.c aom_dsp/fwd_txfm.c aom_dsp/intrapred.c aom_dsp/loopfilter.c aom_dsp/quantize.c
    aom_dsp/sad.c aom_dsp/sad_av1.c aom_dsp/sse.c aom_dsp/subtract.c aom_dsp/sum_squares.c aom_dsp/variance.c
    av1/common/av1_inv_txfm1d.c av1/common/av1_inv_txfm2d.c av1/common/cdef_block.c av1/common/cfl.c
    av1/common/convolve.c av1/encoder/av1_fwd_txfm1d.c av1/encoder/av1_fwd_txfm2d.c)

# Code that only video needs: motion, reference pictures, rate control over many pictures.
set(FILMS
    aom_dsp/flow_estimation/corner_detect.c aom_dsp/flow_estimation/corner_match.c aom_dsp/flow_estimation/disflow.c
    aom_dsp/flow_estimation/ransac.c aom_dsp/noise_model.c aom_dsp/noise_util.c aom_dsp/pyramid.c
    aom_dsp/x86/masked_sad_intrin_ssse3.c aom_dsp/x86/masked_sad_intrin_avx2.c
    aom_dsp/x86/masked_variance_intrin_ssse3.c aom_dsp/x86/obmc_sad_sse4.c
    aom_dsp/x86/obmc_sad_avx2.c aom_dsp/x86/obmc_variance_avx2.c aom_dsp/x86/obmc_variance_sse4.c
    av1/common/mvref_common.c av1/common/reconinter.c av1/common/resize.c av1/common/scale.c
    av1/common/warped_motion.c av1/encoder/aq_complexity.c av1/encoder/aq_cyclicrefresh.c
    av1/encoder/av1_noise_estimate.c av1/encoder/compound_type.c av1/encoder/encode_strategy.c
    av1/encoder/encoder_utils.c av1/encoder/ethread.c av1/encoder/firstpass.c av1/encoder/global_motion.c
    av1/encoder/global_motion_facade.c av1/encoder/gop_structure.c av1/encoder/interp_search.c av1/encoder/level.c
    av1/encoder/lookahead.c av1/encoder/mcomp.c av1/encoder/motion_search_facade.c av1/encoder/mv_prec.c
    av1/encoder/optical_flow.c av1/encoder/pass2_strategy.c av1/encoder/ratectrl.c av1/encoder/reconinter_enc.c
    av1/encoder/speed_features.c av1/encoder/superres_scale.c av1/encoder/svc_layercontext.c
    av1/encoder/temporal_filter.c av1/encoder/thirdpass.c av1/encoder/tpl_model.c av1/encoder/wedge_utils.c
    av1/av1_cx_iface.c)

foreach(file ${TWINS} ${FILMS})
    set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/${file} PROPERTIES COMPILE_OPTIONS -Os)
endforeach()

# A header that is included first leaves out code that only video needs.
set(STILLS "SHELL:-include ${CMAKE_CURRENT_LIST_DIR}/stills.h")
cmake_language(DEFER CALL target_compile_options aom_av1_common PRIVATE ${STILLS})
cmake_language(DEFER CALL target_compile_options aom_av1_encoder PRIVATE ${STILLS})
foreach(file av1/common/reconinter av1/common/resize av1/common/warped_motion av1/encoder/encoder_utils
             av1/encoder/global_motion av1/encoder/reconinter_enc av1/encoder/speed_features
             av1/encoder/superres_scale av1/encoder/temporal_filter av1/encoder/tpl_model common/args_helper)
    get_filename_component(name ${file} NAME)
    set_source_files_properties(${CMAKE_CURRENT_SOURCE_DIR}/${file}.c PROPERTIES COMPILE_DEFINITIONS IN_${name})
endforeach()
