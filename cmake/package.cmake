# A Debian package: cpack --config build/CPackConfig.cmake -G DEB. It depends on the libraries that this build is
# linked with, so Box2D's and MuJoCo's environments come along where they were found, and recommends those that
# are loaded when they are needed first: whatever needs one that is not there says so.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "The Hedon developers")
set(CPACK_PACKAGE_CONTACT "The Hedon developers <hedon@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "spiking neural networks that learn by reinforcement")
set(CPACK_PACKAGE_DESCRIPTION "The tool and library of Hedon, which trains spiking neural networks by reinforcement
learning: every synapse, every neuron, a population, or the whole network is the agent.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
list(JOIN hedon_loaded_packages ", " CPACK_DEBIAN_PACKAGE_RECOMMENDS)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
include(CPack)
