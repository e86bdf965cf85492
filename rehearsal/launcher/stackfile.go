package launcher

// saltKey is the key of the salt that the engine derives from the passphrase.
const saltKey = "encryptionsalt"

// secretKeys are the keys that bind a stack file to a secrets provider. The rehearsal uses its own passphrase instead.
func secretKeys() []string { return []string{saltKey, "secretsprovider", "encryptedkey"} }

// stackFile returns the name of a stack's file.
func stackFile(stack string) string { return "Pulumi." + stack + ".yaml" }

// copyStackFile updates the copy of a stack file. The copy keeps the salt that the engine wrote to it.
func copyStackFile(source, target string) error {
	content, err := readYAML(source)
	if err != nil {
		return err
	}

	for _, key := range secretKeys() {
		delete(content, key)
	}

	if previous, err := readYAML(target); err == nil && previous[saltKey] != nil {
		content[saltKey] = previous[saltKey]
	}

	return writeYAML(target, content)
}
