# Writes into OUTPUT what build_information.cpp includes. Run in every build, and cheap: the file is touched only
# where it has changed, so that otherwise nothing is compiled again.
set(commit unknown)
set(state unknown)
find_program(GIT git)
if(GIT)
    # Of this source's own history alone, and not of another's in which an archive was unpacked.
    execute_process(COMMAND ${GIT} -C ${SOURCE} rev-parse --show-toplevel
        OUTPUT_VARIABLE top OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    file(REAL_PATH ${SOURCE} source)
    if(top STREQUAL source)
        execute_process(COMMAND ${GIT} -C ${SOURCE} rev-parse HEAD
            OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
        execute_process(COMMAND ${GIT} -C ${SOURCE} --no-optional-locks status --porcelain --
            CMakeLists.txt sim agents scenarios analysis
            OUTPUT_VARIABLE changes ERROR_QUIET)
        if(failed OR commit STREQUAL "")
            set(commit unknown)
        elseif(changes STREQUAL "")
            set(state clean)
        else()
            set(state changed)
        endif()
    endif()
endif()
file(CONFIGURE OUTPUT ${OUTPUT} @ONLY CONTENT [[
#define VENTURI_BUILD_VERSION "@VERSION@"
#define VENTURI_BUILD_COMMIT "@commit@"
#define VENTURI_BUILD_STATE "@state@"
#define VENTURI_BUILD_COMPILER "@COMPILER@"
#define VENTURI_BUILD_MACHINE "@MACHINE@"
]])
