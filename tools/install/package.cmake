# `cpack -G DEB` in the build directory: one package with all that `cmake --install` leaves.
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
    "python3-matplotlib, python3-pandas, libjs-dygraphs, cmake, g++, libfmt-dev, libtbb-dev, nlohmann-json3-dev, libnlopt-dev, libisal-dev")
include(CPack)
