package main

import (
	_ "embed"
	"errors"
	"fmt"

	"golang.org/x/mod/modfile"
)

// rootsModule contains the CA certificates.
const rootsModule = "golang.org/x/crypto/x509roots/fallback"

// goMod pins the versions of Go and of the CA certificates.
//
//go:embed go.mod
var goMod []byte

// pins are the versions that an image depends on in addition to its sources.
type pins struct{ toolchain, roots string }

func readPins() (pins, error) {
	parsed, err := modfile.Parse("go.mod", goMod, nil)
	if err != nil {
		return pins{}, fmt.Errorf("reading the versions in tools/images/go.mod: %w", err)
	}

	if parsed.Toolchain == nil {
		return pins{}, errors.New("tools/images/go.mod has no toolchain line, which pins the version of Go for images")
	}

	read := pins{toolchain: parsed.Toolchain.Name}

	for _, required := range parsed.Require {
		if required.Mod.Path == rootsModule {
			read.roots = required.Mod.Version
		}
	}

	return read, nil
}

// checkToolchain fails unless this program was built with the pinned version of Go. Another version would compile other
// binaries, and might compress layers differently, so that the same sources would have two digests.
func checkToolchain(version string) error {
	pinned, err := readPins()
	if err != nil {
		return err
	}

	if want := pinned.toolchain; version != want {
		return fmt.Errorf("built with %s, but tools/images/go.mod pins %s: build this program with GOTOOLCHAIN=%s",
			version, want, want)
	}

	return nil
}
