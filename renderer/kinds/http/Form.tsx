import { fieldText, readNumbers } from '../../inspector/draft.ts'
import { AreaRow, ReadField, SelectRow, TextRow } from '../../inspector/fields.tsx'
import { hintOf } from '../../inspector/hints.ts'
import { MapRow } from '../../inspector/list-fields.tsx'
import { useScope } from '../../inspector/scope.ts'

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'] as const

export function HttpForm() {
  return (
    <>
      <SelectRow
        path={['method']}
        label="Method"
        standard="GET"
        options={METHODS.map((value) => ({ value, label: value }))}
      />
      <TextRow path={['url']} label="Address" code />
      <HeadersField />
      <AreaRow path={['body']} label="Body" standard="none" code />
      <ExpectField />
      <MapRow
        path={['outputs']}
        label="Outputs"
        keyLabel="Name"
        valueLabel="Expression over response"
        addLabel="Add an output"
        first="response.body"
      />
    </>
  )
}

export function HeadersField() {
  return <MapRow path={['headers']} label="Headers" keyLabel="Name" valueLabel="Value" addLabel="Add a header" />
}

export function ExpectField() {
  const { base } = useScope()
  return (
    <ReadField
      path={['expect']}
      label="Success is"
      standard="every 2xx"
      help={hintOf(base, ['expect'])}
      read={readNumbers}
      show={(value) => (Array.isArray(value) ? value.join(', ') : fieldText(value))}
    />
  )
}
