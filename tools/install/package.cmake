# `cpack -G DEB` in the build directory: byzsim, and python3-byzsim where the Python package is built,
# with all that `cmake --install` leaves. Neither needs the other.
set(CPACK_PACKAGE_NAME byzsim)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The byzsim authors <authors@byzsim.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_PACKAGE_DESCRIPTION
"Simulates machine learning on many machines, some of which are Byzantine, over an
asynchronous network. Models are trained for real, attacks and message delays are
chosen by adversaries, and every run is reproducible bit for bit.")
# Installed to /usr below a staging directory, so that the scripts of the installation see /usr.
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_GENERATOR DEB)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS
    "python3-byzsim, python3-matplotlib, libjs-dygraphs, cmake, g++, libfmt-dev, libtbb-dev, nlohmann-json3-dev, libnlopt-dev, libisal-dev, libzstd-dev")
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL program)
set(CPACK_DEBIAN_PROGRAM_PACKAGE_NAME byzsim)
if(BYZSIM_PYTHON)
  list(APPEND CPACK_COMPONENTS_ALL python)
  find_package(Python 3.10 REQUIRED COMPONENTS Interpreter)
  math(EXPR next "${Python_VERSION_MINOR} + 1")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_NAME python3-byzsim)
  set(CPACK_DEBIAN_PYTHON_PACKAGE_SECTION python)
  set(CPACK_COMPONENT_PYTHON_DESCRIPTION "Python package of byzsim
Aggregation rules and attacks as functions of arrays, runs, and worlds that are stepped
and forked, from Python.")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_DEPENDS
      "python3 (>= 3.${Python_VERSION_MINOR}), python3 (<< 3.${next}), python3-numpy")
  set(CPACK_DEBIAN_PYTHON_PACKAGE_SUGGESTS "python3-pandas, python3-torch, python3-tqdm")
endif()
include(CPack)
