package kubelet_test

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func named(name string) corev1.LocalObjectReference { return corev1.LocalObjectReference{Name: name} }

func fromSecret(name, key string, optional bool) corev1.EnvVar {
	return corev1.EnvVar{Name: "VALUE", ValueFrom: &corev1.EnvVarSource{
		SecretKeyRef: &corev1.SecretKeySelector{LocalObjectReference: named(name), Key: key, Optional: &optional},
	}}
}

func fromConfigMap(name, key string, optional bool) corev1.EnvVar {
	return corev1.EnvVar{Name: "VALUE", ValueFrom: &corev1.EnvVarSource{
		ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: named(name), Key: key, Optional: &optional},
	}}
}

func variable(of corev1.EnvVar) corev1.PodSpec {
	return corev1.PodSpec{Containers: []corev1.Container{container("app", "flights:1", of)}}
}

// all returns a pod that uses every key as a variable.
func all(source corev1.EnvFromSource) corev1.PodSpec {
	return corev1.PodSpec{Containers: []corev1.Container{{Name: "app", EnvFrom: []corev1.EnvFromSource{source}}}}
}

func allOfSecret(name string, optional *bool) corev1.PodSpec {
	return all(corev1.EnvFromSource{
		SecretRef: &corev1.SecretEnvSource{LocalObjectReference: named(name), Optional: optional},
	})
}

func allOfConfigMap(name string, optional *bool) corev1.PodSpec {
	return all(corev1.EnvFromSource{
		ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: named(name), Optional: optional},
	})
}

func volume(source corev1.VolumeSource) corev1.PodSpec {
	return corev1.PodSpec{
		Volumes:    []corev1.Volume{{Name: "files", VolumeSource: source}},
		Containers: []corev1.Container{container("app", "flights:1")},
	}
}

func secretVolume(name string, optional *bool, keys ...string) corev1.PodSpec {
	return volume(corev1.VolumeSource{
		Secret: &corev1.SecretVolumeSource{SecretName: name, Optional: optional, Items: files(keys)},
	})
}

func configMapVolume(name string, optional *bool, keys ...string) corev1.PodSpec {
	return volume(corev1.VolumeSource{ConfigMap: &corev1.ConfigMapVolumeSource{
		LocalObjectReference: named(name), Optional: optional, Items: files(keys),
	}})
}

func projection(source corev1.VolumeProjection) corev1.PodSpec {
	return volume(corev1.VolumeSource{
		Projected: &corev1.ProjectedVolumeSource{Sources: []corev1.VolumeProjection{source}},
	})
}

func secretProjection(name string, optional *bool, keys ...string) corev1.PodSpec {
	return projection(corev1.VolumeProjection{Secret: &corev1.SecretProjection{
		LocalObjectReference: named(name), Optional: optional, Items: files(keys),
	}})
}

func configMapProjection(name string, optional *bool, keys ...string) corev1.PodSpec {
	return projection(corev1.VolumeProjection{ConfigMap: &corev1.ConfigMapProjection{
		LocalObjectReference: named(name), Optional: optional, Items: files(keys),
	}})
}

// files returns the items of a volume for keys.
func files(keys []string) []corev1.KeyToPath {
	made := make([]corev1.KeyToPath, len(keys))
	for i, key := range keys {
		made[i] = corev1.KeyToPath{Key: key, Path: key}
	}

	return made
}

// configMap returns a ConfigMap with a text and with bytes.
func configMap() *corev1.ConfigMap {
	return &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{Name: "held", Namespace: namespace},
		Data:       map[string]string{"text": ""}, BinaryData: map[string][]byte{"bytes": nil},
	}
}

func TestAPodWaitsForAllReferences(t *testing.T) {
	t.Parallel()

	const noKey = " with key no"

	token := corev1.VolumeProjection{ServiceAccountToken: &corev1.ServiceAccountTokenProjection{Path: "token"}}
	self := corev1.EnvVar{Name: "NAME", ValueFrom: &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{}}}

	cases := map[string]struct {
		spec corev1.PodSpec
		// missing is empty if the pod may start.
		missing string
	}{
		"variable with a value":               {variable(corev1.EnvVar{Name: "VALUE", Value: "given"}), ""},
		"variable of the pod itself":          {variable(self), ""},
		"variable of a Secret":                {variable(fromSecret("held", "key", false)), ""},
		"variable of no Secret":               {variable(fromSecret("gone", "no", false)), `secret "gone"` + noKey},
		"variable of a Secret without it":     {variable(fromSecret("held", "no", false)), `secret "held"` + noKey},
		"variable of no Secret, optional":     {variable(fromSecret("gone", "no", true)), ""},
		"variable of a ConfigMap's text":      {variable(fromConfigMap("held", "text", false)), ""},
		"variable of a ConfigMap's bytes":     {variable(fromConfigMap("held", "bytes", false)), ""},
		"variable of no ConfigMap":            {variable(fromConfigMap("gone", "no", false)), `configmap "gone"` + noKey},
		"variable of a ConfigMap without it":  {variable(fromConfigMap("held", "no", false)), `configmap "held"` + noKey},
		"variable of no ConfigMap, optional":  {variable(fromConfigMap("gone", "no", true)), ""},
		"all of a Secret":                     {allOfSecret("held", nil), ""},
		"all of no Secret":                    {allOfSecret("gone", nil), `secret "gone"`},
		"all of no Secret, optional":          {allOfSecret("gone", new(true)), ""},
		"all of a ConfigMap":                  {allOfConfigMap("held", nil), ""},
		"all of no ConfigMap":                 {allOfConfigMap("gone", new(false)), `configmap "gone"`},
		"all of no ConfigMap, optional":       {allOfConfigMap("gone", new(true)), ""},
		"volume of nothing":                   {volume(corev1.VolumeSource{EmptyDir: new(corev1.EmptyDirVolumeSource)}), ""},
		"volume of a Secret":                  {secretVolume("held", nil, "key"), ""},
		"volume of no Secret":                 {secretVolume("gone", nil), `secret "gone"`},
		"volume of a Secret without a key":    {secretVolume("held", nil, "key", "no"), `secret "held"` + noKey},
		"volume of no Secret, optional":       {secretVolume("gone", new(true), "no"), ""},
		"volume of a ConfigMap":               {configMapVolume("held", nil, "text", "bytes"), ""},
		"volume of no ConfigMap":              {configMapVolume("gone", nil), `configmap "gone"`},
		"volume of a ConfigMap without a key": {configMapVolume("held", nil, "no"), `configmap "held"` + noKey},
		"volume of no ConfigMap, optional":    {configMapVolume("gone", new(true), "no"), ""},
		"projection of a token":               {projection(token), ""},
		"projection of a Secret":              {secretProjection("held", nil, "key"), ""},
		"projection of no Secret":             {secretProjection("gone", nil), `secret "gone"`},
		"projection of no Secret's key":       {secretProjection("held", nil, "no"), `secret "held"` + noKey},
		"projection of no Secret, optional":   {secretProjection("gone", new(true)), ""},
		"projection of no ConfigMap":          {configMapProjection("gone", nil), `configmap "gone"`},
		"projection of no ConfigMap's key":    {configMapProjection("held", nil, "no"), `configmap "held"` + noKey},
		"projection of no ConfigMap, too":     {configMapProjection("gone", new(true)), ""},
	}

	for title, test := range cases {
		t.Run(title, func(t *testing.T) {
			t.Parallel()

			tested := pod("one")
			test.spec.NodeName = "node"
			tested.Spec = test.spec
			client, _ := run(t, tested, secret("held", "key"), configMap())

			if test.missing == "" {
				starts(t, client, "one")

				return
			}

			waiting(t, client, "CreateContainerConfigError", test.missing+" not found")
		})
	}
}

func TestAPodWaitsForTheReferencesOfInitContainers(t *testing.T) {
	t.Parallel()

	tested := pod("one", container("app", "flights:1"))
	tested.Spec.InitContainers = []corev1.Container{
		container("prepare", "flights:1", fromSecret("gone", "url", false)),
	}
	client, _ := run(t, tested)

	waiting(t, client, "CreateContainerConfigError", `secret "gone" with key url not found`)
}
