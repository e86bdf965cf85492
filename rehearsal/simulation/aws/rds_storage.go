package aws

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"github.com/msur/platform/rehearsal/simulation/behaviour"
)

const (
	// stripedStorage is from where RDS for MySQL spreads gp3 over four volumes, in GiB: only
	// then its speed can be chosen.
	// Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html#gp3-storage
	stripedStorage = 400
	mostStorage    = 65536

	allocated = "allocatedStorage"
)

// storageType is gp2 where the program says nothing, unless it asks for speed.
func storageType(c *behaviour.Call) any {
	if c.Number("iops") > 0 {
		return "io1"
	}

	return "gp2"
}

func storageIOPS(c *behaviour.Call) any {
	switch {
	case c.Text("storageType") != "gp3":
		return 0.0
	case c.Number(allocated) < stripedStorage:
		return 3000.0
	}

	return 12000.0
}

func storageThroughput(c *behaviour.Call) any {
	switch {
	case c.Text("storageType") != "gp3":
		return 0.0
	case c.Number(allocated) < stripedStorage:
		return 125.0
	}

	return 500.0
}

// chosenStorage is the type that the program asks for, if by its speed alone.
func chosenStorage(c *behaviour.Call) string {
	if kind := c.Text("storageType"); kind != "" {
		return kind
	}

	kind, _ := storageType(c).(string)

	return kind
}

// leastStorage is how small a disk can be, in GiB, by type.
func leastStorage() map[string]int {
	return map[string]int{"gp2": 20, "gp3": 20, "io1": 100, "io2": 100, "standard": 5}
}

// smallerStorage is the size that is asked for, where it is below that of the disk, which grows by itself: to ask for
// less, and to have grown, are one to the provider.
func smallerStorage(held, inputs resource.PropertyMap) []string {
	was, is, most := held[allocated], inputs[allocated], inputs["maxAllocatedStorage"]
	if !was.IsNumber() || !is.IsNumber() || !most.IsNumber() {
		return nil
	}

	if asked := is.NumberValue(); was.NumberValue() > asked && most.NumberValue() > asked {
		return []string{allocated}
	}

	return nil
}

// checkStorage wants a size that the type of disk comes in, and none below what is there.
func checkStorage(c *behaviour.Call) error {
	kind, size := chosenStorage(c), c.Number(allocated)

	least, known := leastStorage()[kind]
	if !known {
		return refuse("InvalidParameterValue", "Invalid storage type: %s", kind)
	}

	if size < least || size > mostStorage {
		return refuse("InvalidParameterValue", "Invalid storage size for engine name mysql and storage type %s: %d",
			kind, size)
	}

	before, exists := c.Tx.Get(c.Resource.Key)
	if old, _ := before.Outputs[allocated].(float64); exists && size < int(old) {
		return refuse("InvalidParameterValue", "Requested storage size (%d) cannot be less than the current size (%s)",
			size, whole(old))
	}

	if most := c.Number("maxAllocatedStorage"); most > 0 && most < size {
		return refuse("InvalidParameterCombination", "Max storage size must be greater than storage size")
	}

	return nil
}

// checkStorageSpeed wants speed only where it can be chosen, and where it must be.
func checkStorageSpeed(c *behaviour.Call) error {
	kind := chosenStorage(c)
	chosen := chooses(c, "iops") || chooses(c, "storageThroughput")

	switch {
	case kind == "gp3" && chosen && c.Number(allocated) < stripedStorage:
		return refuse("InvalidParameterCombination", "You can't specify IOPS or storage throughput for engine mysql and a "+
			"storage size less than %d.", stripedStorage)
	case slices.Contains([]string{"gp2", "standard"}, kind) && chosen, kind != "gp3" && chooses(c, "storageThroughput"):
		return refuse("InvalidParameterCombination", "You can't specify IOPS or storage throughput for storage type %s.",
			kind)
	case slices.Contains([]string{"io1", "io2"}, kind) && !chooses(c, "iops"):
		return refuse("InvalidParameterCombination", "You must specify both the storage size and iops when modifying the "+
			"storage size or iops on a DB instance that has %s storage.", kind)
	}

	return nil
}

// chooses says that the program gives a number that is not 0.
func chooses(c *behaviour.Call, property string) bool {
	return isGiven(c, property) && c.Number(property) > 0
}

// checkEncryption wants no key for what is not encrypted.
func checkEncryption(c *behaviour.Call) error {
	if isGiven(c, "kmsKeyId") && !c.True("storageEncrypted") {
		return refuse("InvalidParameterCombination", "A KMS key can be specified only for an encrypted DB instance: set "+
			"StorageEncrypted to true.")
	}

	return nil
}
