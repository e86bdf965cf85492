package main

import (
	"bytes"
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"reflect"
	"regexp"
	"strings"
	"text/template"

	account "github.com/msur/platform/infra/bootstrap/settings"
	"github.com/msur/platform/internal/config"
	"github.com/msur/platform/stacks/settings"
)

// module starts the paths of the packages of this repository.
const module = "github.com/msur/platform/"

//go:embed settings.md.tmpl
var settingsLayout string

// stackFile describes the settings of a stack file.
type stackFile struct {
	files  fs.FS
	keys   config.Keys
	Tables []table
}

// settingsPage returns docs/settings.md: the settings of an environment and of an account, from their types, the
// comments of these types, the defaults and the keys.
func settingsPage(files fs.FS) ([]byte, error) {
	environment := &stackFile{files: files, keys: settings.Keys()}
	if err := environment.object(reflect.ValueOf(settings.Defaults()), "", ""); err != nil {
		return nil, err
	}

	bootstrap := &stackFile{files: files, keys: account.Keys()}
	if err := bootstrap.object(reflect.ValueOf(account.Defaults()), "", ""); err != nil {
		return nil, err
	}

	var page bytes.Buffer

	tmpl := template.Must(template.New("").Parse(settingsLayout))
	if err := tmpl.Execute(&page, map[string]*stackFile{"Environment": environment, "Account": bootstrap}); err != nil {
		return nil, fmt.Errorf("rendering the page: %w", err)
	}

	return page.Bytes(), nil
}

// object describes the fields of a struct. A field without a comment shares that of the field before it, or of the
// struct.
func (f *stackFile) object(defaults reflect.Value, at, about string) error {
	comments, err := fieldComments(f.files, defaults.Type())
	if err != nil {
		return err
	}

	for field, value := range defaults.Fields() {
		about = cmp.Or(comments[field.Name], about)
		path := at

		name, option, _ := strings.Cut(field.Tag.Get("mapstructure"), ",")
		if option != "squash" {
			path = strings.TrimPrefix(at+"."+name, ".")
		}

		if err := f.setting(value, path, about); err != nil {
			return err
		}
	}

	return nil
}

// setting describes a setting, and the members of objects in it.
func (f *stackFile) setting(value reflect.Value, at, about string) error {
	hasMembers := func(t reflect.Type) bool {
		return t.Kind() == reflect.Struct && strings.HasPrefix(t.PkgPath(), module)
	}

	t := value.Type()
	if hasMembers(t) {
		return f.object(value, at, about)
	}

	if about == "" {
		return fmt.Errorf("the setting %s has no comment", at)
	}

	f.row(value, at, about)

	steps := map[reflect.Kind]string{reflect.Pointer: "", reflect.Map: ".*", reflect.Slice: "[*]"}
	if step, composed := steps[t.Kind()]; composed && hasMembers(t.Elem()) {
		return f.object(reflect.Zero(t.Elem()), at+step, "")
	}

	return nil
}

var (
	// sectionForm matches the section of a path: a key of the platform, or the namespace of other keys.
	sectionForm = regexp.MustCompile(`^(platform:)?\w+`)
	// defaultForm matches the default in a comment, without its reason.
	defaultForm = regexp.MustCompile(`Default: (.*?)(;|: |\.( |$))`)
)

// row adds a setting to the table of its section.
func (f *stackFile) row(value reflect.Value, at, about string) {
	section := code(sectionForm.FindString(at))
	if last := len(f.Tables) - 1; last < 0 || f.Tables[last].Title != section {
		f.Tables = append(f.Tables, table{Title: section, Head: []string{"Path", "Type", "Default", "Allowed", "Meaning"}})
	}

	initial := "required"
	if described := defaultForm.FindStringSubmatch(about); !value.IsZero() {
		initial = code(yaml(value))
	} else if described != nil {
		initial, about = cell(described[1]), strings.Replace(about, "Default: "+described[1]+".", "", 1)
	}

	allowed := f.keys.Expected(at)
	if element := f.keys[at].Element; element != "" {
		allowed += "; each: " + element
	}

	rows := &f.Tables[len(f.Tables)-1].Rows
	*rows = append(*rows, []string{code(written(at)), typeWord(value.Type()), initial, cell(allowed), cell(about)})
}

// written returns a path with placeholders for the names of members and for indexes.
func written(path string) string {
	return strings.NewReplacer(".*", ".<name>", "[*]", "[<index>]").Replace(path)
}

// yaml writes a default as in a stack file: JSON is YAML.
func yaml(value reflect.Value) string {
	text, err := json.Marshal(value.Interface())
	if err != nil {
		panic(err) // no setting is a function or a channel
	}

	return string(text)
}

// typeWord names the type of a setting.
func typeWord(t reflect.Type) string {
	composed := map[reflect.Kind]string{reflect.Pointer: "", reflect.Slice: "list of ", reflect.Map: "map of "}
	if word, ok := composed[t.Kind()]; ok {
		return word + typeWord(t.Elem())
	}

	names := map[reflect.Kind]string{reflect.Interface: "any", reflect.Struct: t.String()}

	return cmp.Or(words()[cmp.Or(names[t.Kind()], t.Kind().String())], "object")
}

// fieldComments returns the comments of a struct's fields in one line each, by name.
func fieldComments(files fs.FS, structure reflect.Type) (map[string]string, error) {
	pkg, err := readPackage(files, strings.TrimPrefix(structure.PkgPath(), module))
	if err != nil {
		return nil, err
	}

	comments := make(map[string]string)

	for _, t := range pkg.Types {
		if t.Name != structure.Name() {
			continue
		}

		for _, field := range fields(t) {
			for _, name := range field.Names {
				comments[name.Name] = strings.Join(strings.Fields(field.Doc.Text()), " ")
			}
		}
	}

	return comments, nil
}
