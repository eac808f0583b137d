"""What templates of the demonstration ask for."""

from django import template

from ekip.demo.sign_in import ExamplePerson, example_people

register = template.Library()


@register.simple_tag(name="example_people")
def people() -> list[ExamplePerson]:
    """Everybody whom a visitor can become."""
    return example_people()
